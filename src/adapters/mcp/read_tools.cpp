#include <algorithm>
#include <utility>

#include "application/compute.hpp"
#include "domain/limits.hpp"
#include "page_cursor.hpp"
#include "plain_json.hpp"
#include "text_bytes.hpp"
#include "tool_call.hpp"
#include "transcript.hpp"
#include "wire/parameters.hpp"
#include "wire/parse.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kShortCharacters = 200;
constexpr std::int64_t kWindow = 16;  // Messages read at once.

void shorten(ConversationHeader& header) {
    for (std::optional<std::string>* text :
         {&header.scenario_title, &header.original_title, &header.url}) {
        if (*text) *text = std::string(first_characters(**text, kShortCharacters));
    }
}

/// The object of a conversation without its messages; titles of extreme length are shortened if
/// they alone would take the room.
std::string summary_json(ConversationSummary conversation, const ResultBudget& budget) {
    encoding::JsonWriter out;
    wire::write_conversation_summary(out, conversation);
    std::string whole = without_empty(out.text());
    if (budget.cost(whole) * 2 <= budget.available()) return whole;
    shorten(conversation.header);
    encoding::JsonWriter shorter;
    wire::write_conversation_summary(shorter, conversation);
    return without_empty(shorter.text());
}

struct ListPart {
    std::vector<std::string> rows;
    bool truncated = false;
    std::optional<std::string> next_cursor;
    std::vector<FilterHint> hints;
};

std::string list_json(const ListPart& part) {
    encoding::JsonWriter out;
    out.begin_object().key("conversations").begin_array();
    for (const std::string& row : part.rows) out.raw(row);
    out.end_array().flag("truncated", part.truncated).member("next_cursor", part.next_cursor);
    wire::write_hints(out, part.hints);
    return out.end_object().take();
}

/// Conversations and what they are shown by; owned by the job that fits them.
struct ListPage {
    encoding::Value arguments;
    PagePlace place;
    ResultBudget budget;
    ListResponse listed;
};

ToolOutput page_json(const ListPage& page) {
    const std::vector<ConversationSummary>& conversations = page.listed.conversations;
    const std::size_t rows = conversations.size();
    std::size_t shown = std::min(page.place.shown, rows);
    ListPart part;
    part.hints = page.listed.hints;
    // The longest cursor there can be stands for the one that will be there.
    part.next_cursor = make_page_cursor(page.arguments, {page.listed.next_cursor, rows});
    std::size_t used = page.budget.cost(list_json(part));
    for (; shown < rows; ++shown) {
        std::string row = summary_json(conversations[shown], page.budget);
        used += page.budget.row_cost(row);
        part.truncated = used > page.budget.available() && !part.rows.empty();
        if (part.truncated) break;
        part.rows.push_back(std::move(row));
    }
    part.next_cursor =
        next_page_cursor(page.arguments, page.place, shown, rows, page.listed.next_cursor);
    return list_json(part);
}

/// A part of a conversation.
struct PartWanted {
    ConversationId id;
    ReadPlace place;
    std::int64_t to = 0;
};

Result<PartWanted> read_conversation_arguments(const encoding::Value& arguments) {
    Result<MessagesRequest> request = wire::parse_messages_arguments(arguments);
    if (!request) return tl::unexpected<Error>(std::move(request.error()));
    std::optional<ReadPlace> place = ReadPlace{request->from.value_or(0), 0};
    if (request->cursor) place = parse_place(*request->cursor);
    if (!place) {
        return fail(ErrorCode::invalid_argument, "is not a cursor of get_conversation", "/cursor");
    }
    return PartWanted{request->conversation_id, *place, request->to.value_or(INT32_MAX)};
}

/// The messages of a conversation that fit, from a place on.
class MessageFitter {
public:
    MessageFitter(ResultBudget budget, std::size_t tokens) : budget_(budget), left_(tokens) {}

    /// False: it did not fit, as a whole or at all; `next()` tells where to go on.
    bool add(StoredMessage message, std::size_t offset) {
        std::string& content = message.message.content;
        if (offset > 0) content.erase(0, offset);
        std::string json = message_json(message, Marks{offset > 0, false, false});
        std::size_t cost = budget_.row_cost(json);
        if (cost > left_) {
            next_ = ReadPlace{message.index, offset};
            if (!rows_.empty()) return false;
            shorten_message(message, offset);
            return false;
        }
        left_ -= cost;
        rows_.push_back(std::move(json));
        return true;
    }

    const std::vector<std::string>& rows() const { return rows_; }
    const std::optional<ReadPlace>& next() const { return next_; }

private:
    /// What is not as it was stored says so.
    struct Marks {
        bool continued = false;
        bool cut = false;
        bool metadata_omitted = false;
    };

    static std::string message_json(const StoredMessage& message, Marks marks) {
        encoding::JsonWriter out;
        wire::write_message(out, message);
        std::string json = without_empty(out.text());
        json.pop_back();
        if (marks.continued) json += R"(,"content_continued":true)";
        if (marks.cut) json += R"(,"content_truncated":true)";
        if (marks.metadata_omitted) json += R"(,"metadata_omitted":true)";
        return json += '}';
    }

    /// A message that alone is over is shown in parts: without its metadata, as much content as
    /// fits; the next part goes on within it.
    void shorten_message(StoredMessage& message, std::size_t offset) {
        const std::string content = std::exchange(message.message.content, "");
        const bool has_metadata = !std::exchange(message.message.metadata, {}).raw.empty();
        Marks marks{offset > 0, true, has_metadata};
        const std::size_t frame = budget_.row_cost(message_json(message, marks));
        const std::size_t room = left_ > frame ? left_ - frame : 0;
        const std::string_view shown = prefix_that_fits(content, budget_, room);
        message.message.content = std::string(shown);
        marks.cut = shown.size() < content.size();
        rows_.push_back(message_json(message, marks));
        next_ = marks.cut ? ReadPlace{message.index, offset + shown.size()}
                          : ReadPlace{message.index + 1, 0};
    }

    ResultBudget budget_;
    std::size_t left_;
    std::vector<std::string> rows_;
    std::optional<ReadPlace> next_;
};

struct MessagesPart {
    std::string conversation;
    std::int64_t total = 0;
    std::vector<std::string> rows;
    std::optional<std::string> next_cursor;
};

std::string messages_json(const MessagesPart& part) {
    encoding::JsonWriter out;
    out.begin_object().key("conversation").raw(part.conversation).member("total", part.total);
    out.key("messages").begin_array();
    for (const std::string& row : part.rows) out.raw(row);
    out.end_array().flag("truncated", part.next_cursor.has_value());
    out.member("next_cursor", part.next_cursor);
    return out.end_object().take();
}

/// A conversation as far as it has been read; owned by the job that reads on.
struct Reading {
    MessagesPart part;
    MessageFitter fitter;
    ReadPlace place;  // What comes next.
    bool more = true;
};

Result<Reading> begin_reading(
    ConversationSummary summary, ReadPlace place, const ResultBudget& budget
) {
    MessagesPart part;
    part.total = summary.message_count;
    part.conversation = summary_json(std::move(summary), budget);
    // The longest cursor there can be stands for the one that will be there.
    part.next_cursor = format_place({INT32_MAX, limits::kMessageBytesMax});
    const std::size_t frame = budget.cost(messages_json(part));
    const std::size_t room = budget.available() > frame ? budget.available() - frame : 0;
    return Reading{std::move(part), MessageFitter(budget, room), place};
}

Result<Reading> read_on(Reading reading, MessagePage page) {
    reading.part.total = page.total;
    reading.more = !page.messages.empty();
    for (StoredMessage& message : page.messages) {
        if (!is_place_in(message.message.content, reading.place.offset)) {
            return fail(ErrorCode::invalid_argument, "There is no such place in it.", "/cursor");
        }
        const std::int64_t index = message.index;
        reading.more = reading.fitter.add(std::move(message), reading.place.offset);
        if (!reading.more) break;
        reading.place = ReadPlace{index + 1, 0};
    }
    return reading;
}

std::string end_reading(Reading reading, std::int64_t to) {
    reading.part.rows = reading.fitter.rows();
    reading.part.next_cursor.reset();
    const std::optional<ReadPlace>& next = reading.fitter.next();
    if (next && next->index <= to && next->index < reading.part.total) {
        reading.part.next_cursor = format_place(*next);
    }
    return messages_json(reading.part);
}

}  // namespace

Task<ToolOutput> get_conversations(const ServerContext& server, ToolCall call) {
    Result<ListRequest> request = wire::parse_parameters(call.arguments, Door::tool, ListRequest());
    if (!request) co_return tl::unexpected<Error>(std::move(request.error()));
    Result<PagePlace> place = read_page_cursor(call.arguments);
    if (!place) co_return tl::unexpected<Error>(std::move(place.error()));
    request->cursor = place->page;

    Result<ListResponse> listed =
        co_await server.use_cases.list.run(std::move(*request), call.context);
    if (!listed) co_return tl::unexpected<Error>(std::move(listed.error()));

    std::size_t bytes = 0;
    for (const ConversationSummary& row : listed->conversations) bytes += text_bytes(row.header);
    ListPage page{std::move(call.arguments), std::move(*place), call.budget, std::move(*listed)};
    auto job = [page = std::move(page)] { return page_json(page); };
    co_return co_await compute(server.work_pool, call.context, to_tokenize(bytes), std::move(job));
}

Task<ToolOutput> get_conversation(const ServerContext& server, ToolCall call) {
    Result<PartWanted> read = read_conversation_arguments(call.arguments);
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
    GetConversation& get = server.use_cases.get;
    Result<ConversationSummary> summary = co_await get.summary(read->id, call.context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));

    const TextAmount header = to_tokenize(text_bytes(summary->header));
    auto begin = [summary = std::move(*summary), place = read->place, budget = call.budget](
                 ) mutable { return begin_reading(std::move(summary), place, budget); };
    Result<Reading> reading =
        co_await compute(server.work_pool, call.context, header, std::move(begin));
    while (reading && reading->more && reading->place.index <= read->to &&
           reading->place.index < reading->part.total) {
        const std::int64_t first = reading->place.index;
        const std::int64_t last = std::min(read->to, first + kWindow - 1);
        const MessagesRequest wanted{read->id, first, last};
        Result<MessagePage> page = co_await get.messages(wanted, call.context);
        if (!page) co_return tl::unexpected<Error>(std::move(page.error()));
        const TextAmount text = to_tokenize(text_bytes(page->messages));
        auto job = [reading = std::move(*reading), page = std::move(*page)]() mutable {
            return read_on(std::move(reading), std::move(page));
        };
        reading = co_await compute(server.work_pool, call.context, text, std::move(job));
    }
    if (!reading) co_return tl::unexpected<Error>(std::move(reading.error()));
    co_return end_reading(std::move(*reading), read->to);
}

}  // namespace rag::mcp
