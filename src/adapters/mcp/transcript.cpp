#include "transcript.hpp"

#include <charconv>
#include <utility>

#include "application/compute.hpp"
#include "encoding/json.hpp"
#include "text_bytes.hpp"
#include "wire/parse.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kScheme = "conversation://";
constexpr std::size_t kTitleCharactersMax = 200;
constexpr std::int64_t kWindow = 16;  // Messages read at once.

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
    TranscriptWriter(
        ConversationSummary conversation, ReadPlace place, ResultBudget budget, std::size_t tokens
    )
        : transcript_{std::move(conversation), {}, {}},
          place_(place),
          budget_(budget),
          left_(tokens) {}

    /// The message that comes next.
    std::int64_t index() const { return place_.index; }
    bool is_full() const { return transcript_.next.has_value(); }
    Transcript take() { return std::move(transcript_); }

    /// `invalid_argument`: the place is not within its message.
    Result<void> add(const std::vector<StoredMessage>& messages) {
        for (const StoredMessage& message : messages) {
            if (!is_place_in(message.message.content, place_.offset)) {
                return fail(ErrorCode::invalid_argument, "There is no such place in it.");
            }
            add(message, place_.offset);
            if (is_full()) break;
            place_ = ReadPlace{message.index + 1, 0};
        }
        return {};
    }

private:
    /// What does not fit is where `transcript_.next` tells to go on.
    void add(const StoredMessage& stored, std::size_t offset) {
        std::string head = transcript_.text.empty() ? "" : "\n\n";
        if (offset == 0) head += speaker_of(stored.message);
        const std::string_view rest = std::string_view(stored.message.content).substr(offset);
        const std::size_t cost = cost_of(head) + cost_of(rest);
        if (cost <= left_) {
            left_ -= cost;
            transcript_.text.append(head).append(rest);
            return;
        }
        transcript_.next = ReadPlace{stored.index, offset};
        // A message that alone is over is shown in parts; any other waits for the next page.
        if (!transcript_.text.empty()) return;
        const std::size_t head_cost = cost_of(head);
        const std::size_t room = left_ > head_cost ? left_ - head_cost : 0;
        const std::string_view shown = prefix_that_fits(rest, budget_, room);
        transcript_.text.append(head).append(shown);
        transcript_.next->offset += shown.size();
    }

    std::size_t cost_of(std::string_view text) const {
        encoding::JsonWriter quoted;
        quoted.string(text);
        return budget_.cost(quoted.text());
    }

    Transcript transcript_;
    ReadPlace place_;
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

bool has_title(const ConversationSummary& conversation) {
    return conversation.header.original_title || conversation.header.scenario_title;
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
    const ServerContext& server,
    ConversationId id,
    ReadPlace place,
    std::size_t tokens,
    ResultBudget budget,
    CallContext context
) {
    GetConversation& get = server.use_cases.get;
    Result<ConversationSummary> summary = co_await get.summary(id, context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));
    std::int64_t total = summary->message_count;
    if (place.index > 0 && place.index >= total) {
        co_return fail(ErrorCode::invalid_argument, "The conversation ends before that place.");
    }

    Result<TranscriptWriter> writer = TranscriptWriter(std::move(*summary), place, budget, tokens);
    while (!writer->is_full() && writer->index() < total) {
        const std::int64_t first = writer->index();
        const MessagesRequest wanted{id, first, first + kWindow - 1};
        Result<MessagePage> page = co_await get.messages(wanted, context);
        if (!page) co_return tl::unexpected<Error>(std::move(page.error()));
        if (page->messages.empty()) break;
        total = page->total;
        const TextAmount text = to_tokenize(text_bytes(page->messages));
        auto job = [writer = std::move(*writer),
                    messages = std::move(page->messages)]() mutable -> Result<TranscriptWriter> {
            if (Result<void> added = writer.add(messages); !added) {
                return tl::unexpected<Error>(std::move(added.error()));
            }
            return std::move(writer);
        };
        writer = co_await compute(server.work_pool, context, text, std::move(job));
        if (!writer) co_return tl::unexpected<Error>(std::move(writer.error()));
    }
    co_return writer->take();
}

}  // namespace rag::mcp
