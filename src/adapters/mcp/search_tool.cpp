#include <algorithm>
#include <utility>

#include "application/compute.hpp"
#include "page_cursor.hpp"
#include "text_bytes.hpp"
#include "tool_call.hpp"
#include "transcript.hpp"
#include "wire/parameters.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kShortCharacters = 200;
constexpr std::size_t kTokensMax = 1'000'000'000;  // More is as good as no limit.

/// A page of a search, in parts.
struct PagedSearch {
    SearchRequest request;
    PagePlace place;
    std::size_t result_tokens = 0;
};

Result<PagedSearch> read_arguments(const encoding::Value& arguments) {
    Result<SearchRequest> request =
        wire::parse_parameters(arguments, Door::tool, search_of_tools());
    if (!request) return tl::unexpected<Error>(std::move(request.error()));
    Result<PagePlace> place = read_page_cursor(arguments);
    if (!place) return tl::unexpected<Error>(std::move(place.error()));

    PagedSearch read{std::move(*request), std::move(*place)};
    read.request.cursor = read.place.page;
    // It bounds the result as a whole, which is not the use case's to measure.
    read.result_tokens = std::min(*std::exchange(read.request.max_tokens, {}), kTokensMax);
    return read;
}

std::string row_json(const SearchResult& row) {
    encoding::JsonWriter out;
    wire::write_search_result(out, row, false);
    return out.take();
}

/// Only what leads to the passage, for where not even an empty row has room.
std::string bare_row_json(const SearchResult& row) {
    const StoredChunk& stored = row.chunk.stored;
    encoding::JsonWriter out;
    out.begin_object().id("conversation_id", stored.conversation_id.value);
    out.member("message_start", std::int64_t{stored.chunk.message_start});
    out.member("message_end", std::int64_t{stored.chunk.message_end});
    out.member("text", std::string_view(stored.chunk.text)).flag("text_truncated", true);
    out.key("score").real(static_cast<float>(row.score));
    return out.end_object().take();
}

/// The rows that fit. What goes first is what can be had again most easily: context, then rows from
/// the end (the next page has them), then, of the only one left, metadata, long titles, and text.
class RowFitter {
public:
    RowFitter(std::vector<SearchResult> rows, ResultBudget budget, std::size_t tokens)
        : rows_(std::move(rows)), budget_(budget), tokens_(tokens) {}

    void fit() {
        for (const SearchResult& row : rows_) add(row_json(row));
        for (std::size_t row = rows_.size(); row-- > 0 && total_ > tokens_;) drop_context(row);
        while (rows_.size() > 1 && total_ > tokens_) drop_last();
        if (rows_.empty() || total_ <= tokens_) return;
        shorten_header();
        if (total_ > tokens_) shorten_text();
    }

    const std::vector<std::string>& json() const { return json_; }
    bool truncated() const { return truncated_; }

private:
    void add(std::string json) {
        costs_.push_back(budget_.row_cost(json));  // With the comma after it.
        total_ += costs_.back();
        json_.push_back(std::move(json));
    }

    void replace(std::size_t row) {
        std::string json = bare_ ? bare_row_json(rows_[row]) : row_json(rows_[row]);
        total_ -= costs_[row];
        costs_[row] = budget_.row_cost(json);
        total_ += costs_[row];
        json_[row] = std::move(json);
        truncated_ = true;
    }

    void drop_context(std::size_t row) {
        if (rows_[row].chunk.context.empty()) return;
        rows_[row].chunk.context.clear();
        replace(row);
    }

    void drop_last() {
        total_ -= costs_.back();
        rows_.pop_back();
        costs_.pop_back();
        json_.pop_back();
        truncated_ = true;
    }

    void shorten_header() {
        ConversationHeader& header = rows_[0].chunk.conversation.header;
        header.metadata = {};
        for (std::optional<std::string>* text :
             {&header.scenario_title, &header.original_title, &header.url}) {
            if (*text) *text = std::string(first_characters(**text, kShortCharacters));
        }
        replace(0);
    }

    void shorten_text() {
        std::string text = std::move(rows_[0].chunk.stored.chunk.text);
        rows_[0].chunk.stored.chunk.text.clear();
        rows_[0].text_truncated = true;
        replace(0);
        // Names and titles are worth less than the passage.
        bare_ = total_ > tokens_ / 2;
        if (bare_) replace(0);
        const std::size_t room = tokens_ > total_ ? tokens_ - total_ : 0;
        rows_[0].chunk.stored.chunk.text = std::string(prefix_that_fits(text, budget_, room));
        replace(0);
    }

    std::vector<SearchResult> rows_;
    ResultBudget budget_;
    std::size_t tokens_;
    std::vector<std::string> json_;
    std::vector<std::size_t> costs_;
    std::size_t total_ = 0;
    bool truncated_ = false;
    bool bare_ = false;  // The only row left is shown without names and titles.
};

struct ResultFacts {
    bool degraded;
    bool truncated;
    std::optional<std::string> next_cursor;
};

std::string result_json(const std::vector<std::string>& rows, const ResultFacts& facts) {
    encoding::JsonWriter out;
    out.begin_object().key("results").begin_array();
    for (const std::string& row : rows) out.raw(row);
    out.end_array().member("total_results", static_cast<std::int64_t>(rows.size()));
    out.flag("degraded", facts.degraded).flag("truncated", facts.truncated);
    out.member("next_cursor", facts.next_cursor);
    return out.end_object().take();
}

/// What was found and what it is shown by; owned by the job that fits it.
struct FoundPage {
    encoding::Value arguments;
    PagePlace place;
    ResultBudget budget;
    SearchResponse found;
};

std::size_t text_bytes(const std::vector<SearchResult>& rows) {
    std::size_t bytes = 0;
    for (const SearchResult& row : rows) {
        const LoadedChunk& chunk = row.chunk;
        bytes += chunk.stored.chunk.text.size() + mcp::text_bytes(chunk.context) +
                 mcp::text_bytes(chunk.conversation.header);
    }
    return bytes;
}

ToolOutput page_json(FoundPage page) {
    std::vector<SearchResult>& results = page.found.results;
    const std::size_t rows = results.size();
    const std::size_t before = std::min(page.place.shown, rows);
    results.erase(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(before));
    // The longest cursor there can be stands for the one that will be there.
    const ResultFacts longest{
        false, false, make_page_cursor(page.arguments, {page.found.next_cursor, rows})};
    const ResultBudget& budget = page.budget;
    const std::size_t frame = budget.cost(result_json({}, longest));
    const std::size_t room = budget.available() > frame ? budget.available() - frame : 0;
    RowFitter fitter(std::move(results), budget, room);
    fitter.fit();

    ResultFacts facts{page.found.degraded, fitter.truncated(), {}};
    const std::size_t shown = before + fitter.json().size();
    facts.next_cursor =
        next_page_cursor(page.arguments, page.place, shown, rows, page.found.next_cursor);
    return result_json(fitter.json(), facts);
}

}  // namespace

Task<ToolOutput> search_conversations(const ServerContext& server, ToolCall call) {
    Result<PagedSearch> read = read_arguments(call.arguments);
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
    const ResultBudget budget = call.budget.with_limit(read->result_tokens);

    Result<SearchResponse> found =
        co_await server.use_cases.search.run(std::move(read->request), call.context);
    if (!found) {
        Error error = told_at<SearchRequest>(Door::tool, std::move(found.error()));
        co_return tl::unexpected<Error>(std::move(error));
    }

    const TextAmount text = to_tokenize(text_bytes(found->results));
    FoundPage page{std::move(call.arguments), std::move(read->place), budget, std::move(*found)};
    auto job = [page = std::move(page)]() mutable { return page_json(std::move(page)); };
    co_return co_await compute(server.work_pool, call.context, text, std::move(job));
}

}  // namespace rag::mcp
