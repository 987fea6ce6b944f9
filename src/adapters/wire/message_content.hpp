#pragma once

#include <string>
#include <string_view>

#include "encoding/json.hpp"
#include "sent_fields.hpp"

/// Texts out of what chat APIs send in place of one.
namespace rag::wire {

/// The text parts, joined by blank lines; what is no text leaves its type in brackets, and what it
/// says of itself (the content of a tool's result, a summary) behind it.
std::string text_of_parts(const encoding::Value::Array& parts);

/// Alike, of one part; of an object that holds parts, theirs.
std::string text_of_part(const encoding::Value& part);

/// `[tool call NAME] ARGUMENTS`, a line a call; empty: the message holds none.
std::string text_of_calls(const SentFields& message);

/// `[tool call NAME] ARGUMENTS` of one call.
std::string text_of_call(const encoding::Value& call);

/// Whether a message of that `type` is a call or what came of one, whose `name` is no author.
bool is_call_type(std::string_view type);
/// The author type of such a message; empty: its type does not say.
std::string_view author_of_call_type(std::string_view type);

}  // namespace rag::wire
