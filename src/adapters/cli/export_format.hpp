#pragma once

#include <string>
#include <string_view>

#include "encoding/json.hpp"

/// Files that `ingest` does not read: what they are, and what to do.
namespace rag::cli {

inline constexpr std::string_view kUnderstood =
    "Understood are NDJSON (a conversation a line) and JSON (a conversation, or an array of them), "
    R"(each {"messages":[{"role":"user","content":"..."}]})";

/// Why a file is not read whose first line that is not blank is this; empty: it may be JSON. A
/// file that says by its name that it holds lines of JSON is believed, and so is stdin ("-").
std::string foreign_format(std::string_view first_line, std::string_view name);

/// Whether it is worth asking `exporting_program` about a line.
bool may_be_export(std::string_view line);

/// "ChatGPT", "Claude" or "Slack", if the text is what such a program exports; else empty.
std::string exporting_program(const encoding::Value& document);

std::string export_refusal(const std::string& program);

}  // namespace rag::cli
