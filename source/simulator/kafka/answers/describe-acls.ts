import { maySee, type Api } from '../api.js';
import type { SimulatedAcl } from '../state.js';

const clusterAuthorizationFailed = 31;
const securityDisabled = 54;
const any = 1;

/** DescribeAcls (29): ACLs that fit a filter, grouped by what they are of. */
export const describeAcls: Api = {
  key: 29,
  name: 'DescribeAcls',
  min: 1,
  max: 3,
  flexibleFrom: 2,
  answer(request, answer, question) {
    const { state } = question;
    const [type, name, pattern] = [request.int8(), request.text(), request.int8()];
    const [principal, host] = [request.text(), request.text()];
    const [operation, permission] = [request.int8(), request.int8()];
    request.tags();
    const fits = (acl: SimulatedAcl): boolean =>
      (type === any || type === acl.resourceType) &&
      (name === null || name === acl.name) &&
      (pattern === any || pattern === acl.pattern) &&
      (principal === null || principal === acl.principal) &&
      (host === null || host === acl.host) &&
      (operation === any || operation === acl.operation) &&
      (permission === any || permission === acl.permission);
    const error = !maySee(question)
      ? clusterAuthorizationFailed
      : state.acls === undefined
        ? securityDisabled
        : 0;
    const message =
      error === securityDisabled ? 'No Authorizer is configured.' : 'Cluster authorization failed.';
    answer.int32(state.throttleMs).int16(error);
    answer.text(error === 0 ? null : message);
    const found = error === 0 ? byResource((state.acls ?? []).filter(fits)) : [];
    answer.list(found, ([first, acls]) => {
      answer.int8(first.resourceType).text(first.name).int8(first.pattern);
      answer.list(acls, acl => {
        answer.text(acl.principal).text(acl.host).int8(acl.operation).int8(acl.permission).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

function byResource(acls: readonly SimulatedAcl[]): (readonly [SimulatedAcl, readonly SimulatedAcl[]])[] {
  const groups = new Map<string, SimulatedAcl[]>();
  for (const acl of acls) {
    const key = `${acl.resourceType} ${acl.pattern} ${acl.name}`;
    groups.set(key, [...(groups.get(key) ?? []), acl]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    return first === undefined ? [] : [[first, group] as const];
  });
}
