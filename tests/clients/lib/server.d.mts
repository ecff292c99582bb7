export interface Answer {
  status: number;
  headers: Headers;
  body: any;
}

export class Server {
  static start(env?: Record<string, string>): Promise<Server>;
  readonly secret_key: string;
  readonly baseUrl: string;
  stop(): Promise<void>;
  audit(): Promise<{ code: number; output: string }>;
  api(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  request(id: string, status?: string): Promise<any>;
  until<T>(check: () => Promise<T | undefined | false>, what?: string): Promise<T>;
}

export const openai: string;
export const isOnWorker: boolean;
export function chat(text: string, more?: object): object;
