#include "passage_text.hpp"

#include "transcript.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kDayCharacters = 10;     // "2026-05-03"
constexpr std::size_t kMinuteCharacters = 16;  // "2026-05-03T10:00"

std::string minute_of(Timestamp time) {
    std::string text = format_timestamp(time).substr(0, kMinuteCharacters);
    text[kDayCharacters] = ' ';
    return text;
}

std::string speaker(const PassageMessage& message) {
    if (message.author && !message.author->empty()) return *message.author;
    return message.type.value_or("");
}

}  // namespace

std::string passage_heading(const Passage& passage) {
    const ConversationSummary& conversation = passage.best.chunk.conversation;
    const std::string id = std::to_string(passage.best.chunk.stored.conversation_id.value);
    std::string text = has_title(conversation)
                           ? "# " + title_of(conversation) + " (conversation " + id + ")"
                           : "# Conversation " + id;
    for (const PassageMessage& message : passage.messages) {
        if (!message.time) continue;
        text += ", " + format_timestamp(*message.time).substr(0, kDayCharacters);
        break;
    }
    return text + "\n";
}

std::string passage_line(const PassageMessage& message) {
    std::string text = message.hit ? "> [" : "[";
    text += std::to_string(message.index) + "]";
    const std::string name = speaker(message);
    if (!name.empty()) text += " " + name;
    if (message.time) text += (name.empty() ? " " : ", ") + minute_of(*message.time);
    text += ": " + message.text;
    if (message.text_truncated) text += " … (cut)";
    return text + "\n";
}

std::string passage_text(const Passage& passage) {
    std::string text = passage_heading(passage);
    for (const PassageMessage& message : passage.messages) text += passage_line(message);
    return text;
}

}  // namespace rag::mcp
