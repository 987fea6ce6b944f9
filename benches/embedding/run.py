#!/usr/bin/env python3
"""Compares the embedding engine with ONNX Runtime, OpenVINO and sentence-transformers, all in one run that takes turns.

Run     benches/embedding/run.sh [options]   (it makes a virtual environment and builds embedding_bench first)
        --data FILE   conversations.jsonl; its messages, "author: content", are embedded   --texts N   only the first N of them
        --threads N   of each engine        --rounds N   turns of each; the best and the middle one are printed
        --sentence-transformers   that one too (installs torch, some GB, the first time)
Prints  texts a second for all messages (tokenised, embedded, pooled, normalised), milliseconds for one query of about 14 tokens
        (p50 of each turn's 100), smallest cosine against ONNX Runtime, and the share of the machine's FMA peak.

Every engine computes in f32 on as many threads. The others get their texts sorted by length in batches of 32, padded to the longest
of each: their best case. A query is one text at a time.
"""
import argparse, json, os, pathlib, statistics, sys, tempfile, time
import numpy as np
from tokenizers import Tokenizer
import onnx_model

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benches/support"))
import running

QUERY = "When did Caroline go to the support group for painters?"

class Own(running.Engine):
    """The engine, in a process of its own."""
    def use(self, file):
        self.file = file
    def chunks(self, texts):
        return float(self.ask(f"chunks {self.file}"))
    def queries(self, count):
        return [float(value) for value in self.ask(f"queries {count} {QUERY}").split()]

class Padded:
    """What ONNX Runtime and OpenVINO share: tokens of sorted texts in padded batches of 32."""
    def __init__(self, options):
        self.tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)
    def embed(self, texts, size=32):
        encoded = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda i: -len(encoded[i]))
        vectors = np.empty((len(texts), 384), np.float32)
        for start in range(0, len(order), size):
            batch = order[start:start + size]
            ids = np.zeros((len(batch), len(encoded[batch[0]])), np.int32)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, :len(encoded[i])], mask[row, :len(encoded[i])] = encoded[i], 1
            means = (self.states(ids, mask) * mask[:, :, None]).sum(1)
            vectors[batch] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors
    def chunks(self, texts):
        start = time.perf_counter()
        self.embed(texts)
        return time.perf_counter() - start
    def queries(self, count):
        times = []
        for _ in range(count):
            start = time.perf_counter()
            self.embed([QUERY])
            times.append((time.perf_counter() - start) * 1e3)
        return times

class OnnxRuntime(Padded):
    def __init__(self, options, path):
        super().__init__(options)
        import onnxruntime
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
        self.session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    def states(self, ids, mask):
        return self.session.run(None, {"ids": ids, "types": np.zeros_like(ids), "mask": mask})[0]

class OpenVino(Padded):
    def __init__(self, options, path):
        super().__init__(options)
        import openvino
        settings = {"INFERENCE_NUM_THREADS": options.threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self.request = openvino.Core().compile_model(path, "CPU", settings).create_infer_request()
    def states(self, ids, mask):
        return next(iter(self.request.infer({"ids": ids, "types": np.zeros_like(ids), "mask": mask}).values()))

class SentenceTransformers(Padded):
    def __init__(self, options, _):
        os.environ["HF_HUB_OFFLINE"] = "1"
        import torch
        from sentence_transformers import SentenceTransformer
        torch.set_num_threads(options.threads)
        self.model = SentenceTransformer(str(options.model), device="cpu")
    def embed(self, texts, size=32):
        return self.model.encode(texts, batch_size=size, normalize_embeddings=True, show_progress_bar=False)

def read_texts(path, count):
    messages = (message for line in open(path, encoding="utf-8") for message in json.loads(line)["messages"])
    texts = [f"{message.get('author_name') or 'Unknown'}: {message['content']}".replace("\0", "") for message in messages]
    return texts[:count]

def flops(tokens, config):
    """Of the matrix products and of attention, per pass; `tokens` are the lengths of the texts."""
    hidden, wide, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    products = sum(tokens) * (4 * hidden * hidden + 2 * hidden * wide)
    return 2 * layers * (products + sum(n * n for n in tokens) * 2 * hidden)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "models/all-MiniLM-L6-v2")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data/locomo/conversations.jsonl")
    parser.add_argument("--texts", type=int, default=None)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sentence-transformers", action="store_true")
    options = parser.parse_args()
    if not options.data.exists():
        raise SystemExit(f"skipped: there is no {options.data}; name a file with --data")
    texts = read_texts(options.data, options.texts)
    with tempfile.TemporaryDirectory() as folder:
        graph, file = f"{folder}/model.onnx", f"{folder}/texts"
        onnx_model.build(options.model, graph)
        pathlib.Path(file).write_bytes(b"".join(text.encode() + b"\0" for text in texts))
        engines = {"own": Own(options.program, options.model, options.threads)}
        engines["own"].use(file)
        kinds = {"ONNX Runtime": OnnxRuntime, "OpenVINO": OpenVino}
        if options.sentence_transformers:
            kinds["sentence-transformers"] = SentenceTransformers
        for name, kind in kinds.items():
            try:
                engines[name] = kind(options, graph)
            except Exception as error:  # One that does not start on this machine must not hide the others.
                print(f"{name} left out: {str(error)[:200]}")

        reference = engines["ONNX Runtime"].embed(texts)
        engines["own"].ask(f"vectors {file} {folder}/vectors")
        found = np.fromfile(f"{folder}/vectors", np.float32).reshape(2, len(texts), -1)
        lengths = [len(encoding.ids) for encoding in engines["ONNX Runtime"].tokenizer.encode_batch(texts)]
        smallest = {what: float((vectors * reference).sum(1).min()) for what, vectors in zip(("as chunk", "as query"), found)}
        print(f"{len(texts)} texts, {sum(lengths)} tokens, {options.threads} threads; smallest cosine {smallest}", flush=True)

        chunks, queries, peaks = {name: [] for name in engines}, {name: [] for name in engines}, []
        for turn in range(options.rounds):
            peaks.append(float(engines["own"].ask("peak")))
            for name, engine in engines.items():
                chunks[name].append(len(texts) / engine.chunks(texts))
                engine.queries(10)
                queries[name].append(statistics.median(engine.queries(100)))
            print(f"turn {turn + 1}", {name: f"{chunks[name][-1]:.0f}/s {queries[name][-1]:.2f} ms" for name in engines}, flush=True)
        work = flops(lengths, json.loads((options.model / "config.json").read_text())) / len(texts) / 1e9
        print("\n| engine | texts/s best | middle | own is faster by | query p50 best, ms | middle | own / this |\n|---|---|---|---|---|---|---|")
        for name in engines:
            best, middle = max(chunks[name]), statistics.median(chunks[name])
            fast, usual = min(queries[name]), statistics.median(queries[name])
            print(f"| {name} | {best:.1f} | {middle:.1f} | {statistics.median(chunks['own']) / middle:.2f} | {fast:.2f} | {usual:.2f} "
                  f"| {statistics.median(queries['own']) / usual:.2f} |")
        print(f"\nFMA peak {max(peaks):.0f} GF/s; own engine at its best {max(chunks['own']) * work:.0f} GF/s "
              f"({100 * max(chunks['own']) * work / max(peaks):.0f} %), load of the machine {os.getloadavg()[0]:.1f}")

if __name__ == "__main__":
    main()
