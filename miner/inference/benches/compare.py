#!/usr/bin/env python3
"""Decode and prefill beside Hugging Face transformers, on the same weights, in one run.

    python3 miner/inference/benches/compare.py [--threads 2] [--model FOLDER] [--rounds 3]

Makes a virtual environment with torch and transformers from PyPI (kept in --venv), builds the example `bench`, writes a
Llama of 110 million random weights unless a model is given, and lets both generate, turn by turn, so that both see the same machine.
Prints a table in Markdown: medians, with the least and the greatest.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]

REFERENCE = r"""
import json, sys, time, torch
from transformers import AutoModelForCausalLM
folder, threads, generated, prompt, many = sys.argv[1], *map(int, sys.argv[2:6])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
model.eval()
vocabulary = model.config.vocab_size
prompt = min(prompt, model.config.max_position_embeddings)

@torch.inference_mode()
def decode(batch):
    tokens = torch.randint(3, vocabulary, (batch, 8))
    state = model(input_ids=tokens, use_cache=True, logits_to_keep=1)
    cache, token = state.past_key_values, state.logits[:, -1].argmax(-1, keepdim=True)
    start = time.perf_counter()
    for _ in range(generated - 1):
        state = model(input_ids=token, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache, token = state.past_key_values, state.logits[:, -1].argmax(-1, keepdim=True)
    return batch * (generated - 1) / (time.perf_counter() - start)

@torch.inference_mode()
def prefill():
    tokens = torch.randint(3, vocabulary, (1, prompt))
    start = time.perf_counter()
    model(input_ids=tokens, use_cache=True, logits_to_keep=1)
    return prompt / (time.perf_counter() - start)

prefill(), decode(1)
for line in sys.stdin:
    print(json.dumps({"decode": decode(1), "decode_many": decode(many), "prefill": prefill()}), flush=True)
"""

WRITE = r"""
import json, sys, torch
from transformers import LlamaConfig, LlamaForCausalLM
torch.manual_seed(1)
config = LlamaConfig(hidden_size=768, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=12,
                     num_key_value_heads=12, vocab_size=32000, max_position_embeddings=2048,
                     tie_word_embeddings=True, bos_token_id=1, eos_token_id=2)
LlamaForCausalLM(config).save_pretrained(sys.argv[1])
words = {f"w{i}": i for i in range(32000)}
json.dump({"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
           "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None,
           "model": {"type": "WordLevel", "vocab": words, "unk_token": "w0"}}, open(sys.argv[1] + "/tokenizer.json", "w"))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--model", help="folder of a model instead of random weights")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--generated", type=int, default=128)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--venv", default=str(pathlib.Path.home() / ".cache/dendra/compare-venv"))
    parser.add_argument("--bench", help="the built example `bench`, if cargo shall not build it")
    options = parser.parse_args()

    python = pathlib.Path(options.venv) / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
    if subprocess.run([python, "-c", "import torch, transformers"], capture_output=True).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "torch", "transformers"], check=True)
    versions = subprocess.run(
        [python, "-c", "import torch, transformers; print(torch.__version__, transformers.__version__)"],
        check=True, capture_output=True, text=True,
    ).stdout.split()

    bench = options.bench
    if not bench:
        built = subprocess.run(
            ["cargo", "build", "--release", "-p", "model-inference", "--example", "bench", "--message-format", "json"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout
        bench = [json.loads(line).get("executable") for line in built.splitlines() if '"bench"' in line][-1]

    with tempfile.TemporaryDirectory() as folder:
        model = options.model
        if not model:
            model = folder
            subprocess.run([python, "-c", WRITE, folder], check=True)
        environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads), MKL_NUM_THREADS=str(options.threads))
        numbers = [options.threads, options.generated, options.prompt, 8]
        reference = subprocess.Popen(
            [python, "-c", REFERENCE, model, *map(str, numbers)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        theirs, ours = [], []
        for _ in range(options.rounds):
            reference.stdin.write("again\n")
            reference.stdin.flush()
            theirs.append(json.loads(reference.stdout.readline()))
            line = subprocess.run(
                [bench, model, "--threads", str(options.threads), "--runs", "1",
                 "--generated", str(options.generated), "--prompt", str(options.prompt)],
                check=True, capture_output=True, text=True,
            ).stdout
            ours.append(json.loads(line))
        reference.stdin.close()
        reference.wait(60)

    def cell(all, key):
        numbers = sorted(one[key] for one in all)
        return f"{statistics.median(numbers):.1f} ({numbers[0]:.1f} to {numbers[-1]:.1f})"

    print(f"torch {versions[0]}, transformers {versions[1]}, {options.threads} threads, f32, {options.rounds} rounds\n")
    print("| tokens per second | this engine | transformers | ratio |")
    print("|---|---|---|---|")
    for name, key in [("decode, one request", "decode"), ("decode, eight together", "decode_many"),
                      (f"prefill of {options.prompt}", "prefill")]:
        ratio = statistics.median(o[key] for o in ours) / statistics.median(t[key] for t in theirs)
        print(f"| {name} | {cell(ours, key)} | {cell(theirs, key)} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
