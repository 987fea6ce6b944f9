#pragma once

#include "encoding/json.hpp"
#include "wire/render.hpp"

/// Members that several answers have.
namespace rag::wire {

void write_titles(encoding::JsonWriter& out, const ConversationHeader& header);
/// A row of a list.
void write_summary_members(encoding::JsonWriter& out, const ConversationSummary& conversation);

}  // namespace rag::wire
