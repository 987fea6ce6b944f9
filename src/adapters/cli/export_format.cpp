#include "export_format.hpp"

#include <array>

namespace rag::cli {
namespace {

struct Magic {
    std::string_view begin;
    std::string_view what;
};
constexpr std::array kMagics = {
    Magic{"PK\x03\x04", "a ZIP archive; unpack it and name the files in it"},
    Magic{"\x1f\x8b", "compressed by gzip; use zcat FILE | mcp-backend ingest -"},
    Magic{"\x28\xb5\x2f\xfd", "compressed by zstd; use zstdcat FILE | mcp-backend ingest -"},
    Magic{"BZh", "compressed by bzip2; use bzcat FILE | mcp-backend ingest -"},
    Magic{
        "\xfd"
        "7zXZ",
        "compressed by xz; use xzcat FILE | mcp-backend ingest -"},
    Magic{"%PDF", "a PDF document"},
    Magic{"SQLite format 3", "an SQLite database"},
    Magic{"\xff\xfe", "UTF-16 text; use iconv -f UTF-16 -t UTF-8"},
    Magic{"\xfe\xff", "UTF-16 text; use iconv -f UTF-16 -t UTF-8"},
};

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
    for (const std::string_view ending : endings) {
        if (name.ends_with(ending)) return true;
    }
    return false;
}

bool has(const encoding::Value& object, std::string_view name) {
    return object.find(name) != nullptr;
}

}  // namespace

std::string foreign_format(std::string_view first_line, std::string_view name) {
    for (const Magic& magic : kMagics) {
        if (first_line.starts_with(magic.begin)) {
            return "the file is " + std::string(magic.what) + ". " + std::string(kUnderstood);
        }
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (first_line.starts_with(kByteOrderMark)) first_line.remove_prefix(kByteOrderMark.size());
    const std::size_t start = first_line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos || first_line[start] == '{' || first_line[start] == '[') {
        return {};
    }
    if (name == "-" || ends_with_any(name, {".jsonl", ".ndjson", ".json"})) return {};
    return "the file is no JSON. " + std::string(kUnderstood);
}

bool may_be_export(std::string_view line) {
    const auto names = [line](std::string_view key) { return line.find(key) != line.npos; };
    return !names(R"("messages")") &&
           (names(R"("mapping")") || names(R"("chat_messages")") || names(R"("ts")"));
}

std::string exporting_program(const encoding::Value& document) {
    const encoding::Value* first = &document;
    if (document.array() != nullptr) {
        if (document.array()->empty()) return {};
        first = &document.array()->front();
    }
    if (has(*first, "messages")) return {};
    if (has(*first, "mapping")) return "ChatGPT";
    if (has(*first, "chat_messages")) return "Claude";
    if (has(*first, "ts") && (has(*first, "user") || has(*first, "text"))) return "Slack";
    return {};
}

std::string export_refusal(const std::string& program) {
    return "the file is an export of " + program +
           ", which this version cannot read yet; write its conversations as NDJSON first. " +
           std::string(kUnderstood);
}

}  // namespace rag::cli
