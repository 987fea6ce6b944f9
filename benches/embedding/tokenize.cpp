/// Prints the word-piece ids of each text of a file, one line a text: what
/// scripts/check_tokenizer.py compares with the reference. With `--speed` it prints MB/s instead.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "text/wordpiece.hpp"

namespace {

constexpr char kSeparator = '\0';  // Between texts; they may hold any other character.

int print_ids(const rag::WordPieceTokenizer& tokenizer, std::string_view texts) {
    while (!texts.empty()) {
        const std::size_t end = texts.find(kSeparator);
        if (end == std::string_view::npos) return 1;
        const char* gap = "";
        for (const std::int32_t id : tokenizer.encode(texts.substr(0, end))) {
            std::cout << gap << id;
            gap = " ";
        }
        std::cout << '\n';
        texts.remove_prefix(end + 1);
    }
    return 0;
}

int print_speed(const rag::WordPieceTokenizer& tokenizer, std::string_view text) {
    const auto start = std::chrono::steady_clock::now();
    std::size_t bytes = 0, pieces = 0;
    double seconds = 0;
    while (seconds < 1) {
        pieces += tokenizer.count(text);
        bytes += text.size();
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    std::printf(
        "%.1f MB/s, %.1f million pieces/s\n",
        static_cast<double>(bytes) / seconds / 1e6,
        static_cast<double>(pieces) / seconds / 1e6
    );
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: embedding_tokenize MODEL_FOLDER FILE [--speed]\n";
        return 2;
    }
    const auto tokenizer = rag::WordPieceTokenizer::load(argv[1]);
    if (!tokenizer) {
        std::cerr << tokenizer.error().message << '\n';
        return 1;
    }
    std::ifstream file(argv[2], std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return argc > 3 ? print_speed(*tokenizer, text) : print_ids(*tokenizer, text);
}
