#include "wire/render.hpp"

namespace rag::wire {
namespace {

using encoding::JsonWriter;

void write_given(JsonWriter& out, std::string_view name, const std::optional<std::string>& text) {
    if (text && !text->empty()) out.member(name, std::string_view(*text));
}

void write_passage_message(JsonWriter& out, const PassageMessage& message) {
    out.begin_object().member("index", message.index);
    write_given(out, "author", message.author);
    write_given(out, "type", message.type);
    if (message.time) out.member("time", format_timestamp(*message.time));
    out.member("text", std::string_view(message.text));
    if (message.text_truncated) out.flag("text_truncated", true);
    if (message.hit) out.flag("hit", true);
    out.end_object();
}

}  // namespace

void write_passage(JsonWriter& out, const Passage& passage, bool explain) {
    const ConversationSummary& conversation = passage.best.chunk.conversation;
    const ConversationHeader& header = conversation.header;
    out.begin_object().id("conversation_id", passage.best.chunk.stored.conversation_id.value);
    write_given(
        out, "title", header.original_title ? header.original_title : header.scenario_title
    );
    if (!passage.messages.empty()) {
        out.member("from", passage.messages.front().index);
        out.member("to", passage.messages.back().index);
    }
    out.key("score").real(static_cast<float>(passage.best.score));
    out.key("messages").begin_array();
    for (const PassageMessage& message : passage.messages) write_passage_message(out, message);
    out.end_array();
    if (explain) write_explain(out, passage.best);
    out.end_object();
}

}  // namespace rag::wire
