#include "transcript.hpp"

#include <charconv>
#include <utility>

#include "wire/json.hpp"
#include "wire/parse.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kScheme = "conversation://";
constexpr std::size_t kTitleCharactersMax = 200;
constexpr std::int64_t kWindow = 64;  // Messages read at once.

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stopped == end && !text.empty();
}

std::string speaker_of(const rag::Message& message) {
    std::string line = message.author_name.value_or(message.author_type.value_or("Unknown"));
    if (message.timestamp) line += " (" + format_timestamp(*message.timestamp) + ")";
    return line + ": ";
}

/// Adds messages to a transcript for as long as there is room.
class TranscriptWriter {
public:
    TranscriptWriter(Transcript& transcript, ResultBudget budget, std::size_t tokens)
        : transcript_(transcript), budget_(budget), left_(tokens) {}

    /// False: no more fits; `transcript.next` tells where to go on.
    bool add(const StoredMessage& stored, std::size_t offset) {
        std::string head = transcript_.text.empty() ? "" : "\n\n";
        if (offset == 0) head += speaker_of(stored.message);
        const std::string_view rest = std::string_view(stored.message.content).substr(offset);
        const std::size_t cost = cost_of(head) + cost_of(rest);
        if (cost <= left_) {
            left_ -= cost;
            transcript_.text.append(head).append(rest);
            return true;
        }
        transcript_.next = ReadPlace{stored.index, offset};
        // A message that alone is over is shown in parts; any other waits for the next page.
        if (!transcript_.text.empty()) return false;
        const std::size_t head_cost = cost_of(head);
        const std::size_t room = left_ > head_cost ? left_ - head_cost : 0;
        const std::string_view shown = prefix_that_fits(rest, budget_, room);
        transcript_.text.append(head).append(shown);
        transcript_.next->offset += shown.size();
        return false;
    }

private:
    std::size_t cost_of(std::string_view text) const {
        wire::JsonWriter quoted;
        quoted.string(text);
        return budget_.cost(quoted.text());
    }

    Transcript& transcript_;
    ResultBudget budget_;
    std::size_t left_;
};

}  // namespace

std::optional<ReadPlace> parse_place(std::string_view text) {
    ReadPlace place;
    const std::size_t dot = text.find('.');
    if (!read_number(text.substr(0, dot), place.index) || place.index < 0) return std::nullopt;
    if (dot == std::string_view::npos) return place;
    if (!read_number(text.substr(dot + 1), place.offset)) return std::nullopt;
    return place;
}

std::string format_place(ReadPlace place) {
    std::string text = std::to_string(place.index);
    if (place.offset > 0) text += "." + std::to_string(place.offset);
    return text;
}

std::string conversation_uri(ConversationId id) {
    return std::string(kScheme) + std::to_string(id.value);
}

std::optional<ConversationId> parse_conversation_uri(std::string_view uri) {
    if (!uri.starts_with(kScheme)) return std::nullopt;
    Result<ConversationId> id = wire::parse_conversation_id(uri.substr(kScheme.size()));
    if (!id) return std::nullopt;
    return *id;
}

std::string title_of(const ConversationSummary& conversation) {
    const ConversationHeader& header = conversation.header;
    const std::optional<std::string>& title =
        header.original_title ? header.original_title : header.scenario_title;
    if (title) return std::string(first_characters(*title, kTitleCharactersMax));
    return "Conversation " + std::to_string(conversation.id.value);
}

std::string url_of(const ConversationSummary& conversation) {
    return conversation.header.url.value_or(conversation_uri(conversation.id));
}

Task<Result<Transcript>> read_transcript(
    const UseCases& use_cases,
    ConversationId id,
    ReadPlace place,
    std::size_t tokens,
    ResultBudget budget,
    RequestContext context
) {
    Result<ConversationSummary> summary = co_await use_cases.get.summary(id, context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));
    if (place.index > 0 && place.index >= summary->message_count) {
        co_return fail(ErrorCode::invalid_argument, "The conversation ends before that place.");
    }

    Transcript transcript{std::move(*summary), {}, {}};
    TranscriptWriter writer(transcript, budget, tokens);
    std::int64_t total = transcript.conversation.message_count;
    while (place.index < total) {
        const std::int64_t last = place.index + kWindow - 1;
        Result<MessagePage> page = co_await use_cases.get.messages(id, place.index, last, context);
        if (!page) co_return tl::unexpected<Error>(std::move(page.error()));
        if (page->messages.empty()) break;
        for (const StoredMessage& message : page->messages) {
            const std::string& content = message.message.content;
            if (!is_place_in(content, place.offset)) {
                co_return fail(ErrorCode::invalid_argument, "There is no such place in it.");
            }
            if (!writer.add(message, place.offset)) co_return transcript;
            place = ReadPlace{message.index + 1, 0};
        }
        total = page->total;
    }
    co_return transcript;
}

}  // namespace rag::mcp
