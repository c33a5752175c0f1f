/** How an HTTP service is spoken to, whichever it is. Made by `config/`; secrets live here and in axios, nowhere else. */
export type HttpAccess = {
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  readonly tls?: HttpTls;
  /**
   * `env`: through what HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. Absent: straight to the address, whatever the
   * environment says, since a bastion's proxy seldom leads to the machines beside it.
   */
  readonly proxy?: 'env';
};

/** PEM texts. Absent: Node's own list of authorities, no client certificate. */
export type HttpTls = {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
};
