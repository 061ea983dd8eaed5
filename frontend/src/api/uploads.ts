/** Uploads tell how far they are, which only XMLHttpRequest can. */
import { address, changeHeaders, problemFrom, Problem, signInOnceMore } from './client';
import type { SharedFacts, UploadedFile } from './types';

export interface Upload<Answer> {
  done: Promise<Answer>;
  abort: () => void;
}

export function uploadFile(file: File, facts: SharedFacts, onProgress: (share: number) => void): Upload<UploadedFile> {
  const form = new FormData();
  form.append('facts', JSON.stringify(facts)); // as text: a Blob would arrive as a file
  form.append('file', file);
  const { done, abort } = post<{ files: UploadedFile[] }>('/uploads', form, onProgress);
  return { done: done.then((answer) => answer.files[0]!), abort };
}

export function uploadVersion(document: string, file: File, onProgress: (share: number) => void): Upload<UploadedFile> {
  const form = new FormData();
  form.append('file', file);
  return post(`/uploads/${encodeURIComponent(document)}`, form, onProgress);
}

/** Where the session has ended, it is sent again once somebody has signed in. */
function post<Answer>(path: string, form: FormData, onProgress: (share: number) => void): Upload<Answer> {
  let current = attempt<Answer>(path, form, onProgress);
  const done = current.done.catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    await signInOnceMore();
    current = attempt<Answer>(path, form, onProgress);
    return current.done;
  });
  return { done, abort: () => current.abort() };
}

function attempt<Answer>(path: string, form: FormData, onProgress: (share: number) => void): Upload<Answer> {
  const request = new XMLHttpRequest();
  const done = new Promise<Answer>((resolve, reject) => {
    request.open('POST', address(path));
    for (const [name, value] of Object.entries({ Accept: 'application/json', ...changeHeaders() })) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Answer);
      else reject(problemFrom(request.status, request.responseText, Number(request.getResponseHeader('retry-after')) || null));
    };
    request.onerror = () => reject(new Problem({ status: 0, code: 'unreachable', detail: 'The connection broke.' }));
    request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.send(form);
  });
  return { done, abort: () => request.abort() };
}
