/** Files on their way from this browser into the cluster. They go on while other pages are looked at. */
import { Problem } from '../api/client';
import { getDocument } from '../api/documents';
import { cancelJob, followJobs, retryJob } from '../api/jobs';
import type { DocumentDetail, Job, UploadedFile } from '../api/types';
import { uploadFile, type Upload } from '../api/uploads';

const AT_ONCE = 2;
const PATIENCE = 5; // times that a busy service is asked again

export class Shipment {
  sent = $state(0); // share of the bytes, 0 to 1
  state = $state<'waiting' | 'uploading' | 'refused' | 'taken'>('waiting');
  answer = $state.raw<UploadedFile | null>(null);
  failure = $state.raw<unknown>(null);
  job = $state.raw<Job | null>(null);
  document = $state.raw<DocumentDetail | null>(null); // once it is ready
  isShared = $state(false);
  isChosen = $state(true); // to be shared with the others

  readonly key = crypto.randomUUID?.() ?? String(Math.random());
  readonly file: File;
  upload: Upload<UploadedFile> | null = null;

  constructor(file: File) {
    this.file = file;
  }

  /** The firm had these bytes already. */
  get isKnown(): boolean {
    return this.answer !== null && ['duplicate', 'unchanged', 'updated'].includes(this.answer.outcome);
  }

  get isReady(): boolean {
    return this.document !== null && this.document.state === 'ready';
  }

  get hasFailed(): boolean {
    return this.state === 'refused' || this.job?.stage === 'failed';
  }

  get isUnderWay(): boolean {
    return !this.hasFailed && !this.isReady && !this.isKnown;
  }
}

class Sharing {
  shipments = $state<Shipment[]>([]);

  #stop: (() => void) | null = null;
  #early = new Map<number, Job>(); // told before the answer to the upload came

  add(files: Iterable<File>): void {
    this.shipments = [...this.shipments, ...[...files].map((file) => new Shipment(file))];
    this.#stop ??= followJobs(({ jobs }) => jobs.forEach((job) => this.#told(job)));
    this.#next();
  }

  remove(shipment: Shipment): void {
    shipment.upload?.abort();
    this.shipments = this.shipments.filter((one) => one !== shipment);
    if (this.shipments.length === 0) this.#rest();
  }

  clear(): void {
    this.shipments = this.shipments.filter((one) => one.isUnderWay);
    if (this.shipments.length === 0) this.#rest();
  }

  async retry(shipment: Shipment): Promise<void> {
    if (shipment.job?.can_retry) shipment.job = await retryJob(shipment.job.id);
    else if (shipment.state === 'refused') {
      shipment.state = 'waiting';
      shipment.failure = null;
      this.#next();
    }
  }

  async cancel(shipment: Shipment): Promise<void> {
    if (shipment.job?.can_cancel) shipment.job = await cancelJob(shipment.job.id);
    else this.remove(shipment);
  }

  #rest(): void {
    this.#stop?.();
    this.#stop = null;
    this.#early.clear();
  }

  #next(): void {
    const busy = this.shipments.filter((one) => one.state === 'uploading').length;
    for (const one of this.shipments.filter((each) => each.state === 'waiting').slice(0, AT_ONCE - busy)) void this.#send(one);
  }

  async #send(shipment: Shipment, attempt = 1): Promise<void> {
    shipment.state = 'uploading';
    // A draft until somebody has looked at what was guessed and said who may see it.
    shipment.upload = uploadFile(shipment.file, { audience: { scope: 'owner', organisations: [] }, draft: true }, (share) => (shipment.sent = share));
    try {
      const answer = await shipment.upload.done;
      shipment.answer = answer;
      shipment.state = answer.outcome === 'refused' ? 'refused' : 'taken';
      const early = answer.job === null ? undefined : this.#early.get(answer.job);
      if (early) this.#told(early);
      if (shipment.isKnown) await this.#load(shipment);
    } catch (error) {
      if (error instanceof DOMException) return; // taken back
      if (error instanceof Problem && error.status === 429 && attempt < PATIENCE) {
        await new Promise((resolve) => window.setTimeout(resolve, 1000 * (error.retryAfter ?? 2)));
        return this.#send(shipment, attempt + 1);
      }
      shipment.failure = error;
      shipment.state = 'refused';
    } finally {
      this.#next();
    }
  }

  #told(job: Job): void {
    const shipment = this.shipments.find((one) => one.answer?.job === job.id);
    if (!shipment) {
      this.#early.set(job.id, job);
      return;
    }
    shipment.job = job;
    if (job.stage === 'ready' && shipment.document === null) void this.#load(shipment);
  }

  async #load(shipment: Shipment): Promise<void> {
    const id = shipment.answer?.document;
    if (!id) return;
    try {
      shipment.document = await getDocument(id);
    } catch (error) {
      shipment.failure = error;
    }
  }
}

export const sharing = new Sharing();
