#!/usr/bin/env python3
"""Compares the word-piece ids of the server's tokenizer with those of the PyPI package `tokenizers`.

Needs   pip install tokenizers; the program embedding_tokenize of the build
Run     scripts/check_tokenizer.py --program build/release/benches/embedding/embedding_tokenize
        --model DIR  the model folder           --texts N  how many random texts
        --golden FILE  also writes the fixed texts and their ids, for tests/unit/text/wordpiece_test.cpp
Prints  how many texts are equal and the first that are not; the exit code is 1 if there is one.

Texts are made from a fixed seed: words of the vocabulary, every script that Unicode names, emoji, marks, control
characters, very long words, names of special pieces, random bytes made valid, and every code point once.
"""
import argparse, pathlib, random, subprocess, sys, tempfile
from tokenizers import Tokenizer

FIXED = [
    "", " ", "\t\r\n", "Hello, World!", "don't stop-believing...", "naïve café RÉSUMÉ Ångström", "e\u0301a\u0300o\u0308\u0323",
    "İstanbul ıI ẞ ß ŒUVRE ǅ", "ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ", "Привет, МИР! Ёлка й", "你好，世界。", "日本語テキスト カタカナ ｶﾀｶﾅ", "한국어 문장", "𠀀𪜀𫝀𫠠𫤠 豈 﨎 丽",
    "مرحبا بالعالم", "שָׁלוֹם עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "வணக்கம்", "ሰላም ልዑል", "გამარჯობა ᲒᲐᲛᲐᲠᲯᲝᲑᲐ", "ᏣᎳᎩ ꮳꮃꭹ", "👋🏽 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️ 🇩🇪 1️⃣",
    "a\u200bb\u200dc\ufeffd\u00ade", "x\u00a0y\u2003z\u3000w\u2028v\u0085u", "bell\u0007 esc\u001b del\u007f vt\u000bff\u000c", "\ufffd replacement", "private \ue000\U000f0000 use",
    "unassigned \u0378 \U000e0fff", "a" * 99, "a" * 100, "a" * 101, "é" * 100, "é" * 101, "ab" * 300 + " tail", "supercalifragilisticexpialidocious",
    "[SEP] [CLS]x[MASK][UNK] [PAD]", "[sep] [ CLS ] [[SEP]] [SEP", "##ing ## # [UNK]##", "http://example.com/a_b?c=d&e=%20#f", "C++ != C# $5.00 50% @user #tag ~`^|<>{}\\",
    "½ ² ⅷ ﬁ ﬀ Ⅻ ①", "≠ ≤ ∞ Ω K Å", "¿Qué? ¡Olé! «guillemets» „Gänse“ ‘x’ – — …", "ᚁ᙭ᚂ \u1680 x", "\u302e\u302fa\U0001d165\U0001d16d", "q\u0307\u0323 q\u0323\u0307", "\U00011938 \U00011935\U00011930",
    "\ua9bd\u1885\u1886\u1734\u17341 \U000111c9x", "Ꞌ Ꟊ \ua7cb\ua7cc\ua7dc \U00010d50 \U00016ea0 \u1c89", "𝐁𝐨𝐥𝐝 𝓢𝓬𝓻𝓲𝓹𝓽 𝔽", "1,234.56 2023-05-07T10:00:00Z", "𐐀𐐁 𞤀𞤁", "tab\tseparated\nlines\r\n\r\nend ",
]

def random_texts(count, vocabulary, rng):
    everything = [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    blocks = [(0, 0x250), (0x250, 0x600), (0x600, 0x1100), (0x1100, 0x2000), (0x2000, 0x3000), (0x3000, 0xA000), (0xA000, 0xD7FF),
              (0xE000, 0x10000), (0x10000, 0x20000), (0x1F300, 0x1FB00), (0x20000, 0x32000), (0x300, 0x370), (0x1D100, 0x1D250)]
    words = [piece.removeprefix("##") for piece in vocabulary]
    def characters():
        first, last = rng.choice(blocks)
        return "".join(chr(c) for c in (max(rng.randrange(first, last), 1) for _ in range(rng.randrange(1, 60))) if not 0xD800 <= c < 0xE000)
    def raw_bytes():
        return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 200))).decode("utf-8", rng.choice(["replace", "ignore"])).replace("\0", "")
    def sentence():
        return "".join(rng.choice(words).swapcase() if rng.random() < .2 else rng.choice(words) + rng.choice([" ", " ", "", ", ", "\u0301", "\u200b", "'"])
                       for _ in range(rng.randrange(1, 40)))
    def mixed():
        return "".join(rng.choice([sentence, characters])()[:rng.randrange(1, 20)] for _ in range(rng.randrange(1, 8)))
    def long_word():
        return "".join(rng.choice(["a", "ing", "é", "\u0327", "ß", "я"]) for _ in range(rng.randrange(60, 400)))
    def marks():
        return "".join(rng.choice(["a", "e\u0323", "\u0301", "\u0327", "\u302e", "\U0001d165", "\u05b0", "\u0e38", "\u093c", "ά", "각", "\u1abf", "\u0898"]) for _ in range(40))
    def specials():
        return "".join(rng.choice(["[SEP]", "[CLS]", "[MASK]", "[", "]", "[PAD", "[UNK]", " ", "x", "é"]) for _ in range(12))
    makers = [characters, raw_bytes, sentence, mixed, long_word, marks, specials]
    texts = [makers[i % len(makers)]() for i in range(count)]
    step = 500  # every code point once, each between letters and alone
    for start in range(0, len(everything), step):
        texts.append("".join(f"a{c}b {c} " for c in everything[start:start + step]))
    return texts

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / "models/all-MiniLM-L6-v2")
    parser.add_argument("--texts", type=int, default=7000)
    parser.add_argument("--golden", type=pathlib.Path)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = FIXED + random_texts(options.texts, list(tokenizer.get_vocab()), random.Random(6))
    expected = [" ".join(map(str, encoding.ids)) for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(text.encode() + b"\0" for text in texts))
        file.flush()
        found = subprocess.run([options.program, options.model, file.name], capture_output=True, check=True, text=True).stdout.split("\n")[:-1]
    wrong = [i for i in range(len(texts)) if i >= len(found) or found[i] != expected[i]]
    print(f"{len(texts) - len(wrong)} of {len(texts)} texts have equal ids")
    for i in wrong[:10]:
        print(repr(texts[i][:300]), f"expected {expected[i][:200]}", f"found    {found[i][:200] if i < len(found) else None}", sep="\n  ")
    if options.golden:
        lines = (f"{text.encode().hex()}|{ids}" for text, ids in zip(FIXED, expected))
        options.golden.write_text("# text as hexadecimal UTF-8 | its ids by PyPI tokenizers; written by scripts/check_tokenizer.py\n" + "\n".join(lines) + "\n")
    return bool(wrong) or len(found) != len(texts)

if __name__ == "__main__":
    sys.exit(main())
