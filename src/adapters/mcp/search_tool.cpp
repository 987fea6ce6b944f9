#include <algorithm>
#include <utility>

#include "application/compute.hpp"
#include "application/passages.hpp"
#include "page_cursor.hpp"
#include "passage_text.hpp"
#include "tool_call.hpp"
#include "wire/parameters.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kTokensMax = 1'000'000'000;  // More is as good as no limit.
constexpr std::string_view kNothing =
    "No results: nothing stored matches these words and filters. Other words or fewer filters may "
    "find it.\n";

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
    // It bounds the text block as a whole, which is not the use case's to measure.
    read.result_tokens = std::min(*std::exchange(read.request.max_tokens, {}), kTokensMax);
    return read;
}

/// What was found and what it is shown by; owned by the job that fits it.
struct FoundPage {
    encoding::Value arguments;
    PagePlace place;
    ResultBudget budget;
    SearchResponse found;
};

struct ResultFacts {
    bool degraded = false;
    bool truncated = false;
    std::optional<std::string> next_cursor;
    std::vector<FilterHint> hints = {};
};

/// "Nothing is stored with author_name "Jon". Nearest: "John", "Joan"."
std::string hint_line(const FilterHint& hint) {
    std::string text = "Nothing is stored with " + hint.filter + " \"" + hint.value + "\".";
    for (std::size_t i = 0; i < hint.nearest.size(); ++i) {
        text += (i == 0 ? " Nearest: \"" : ", \"") + hint.nearest[i] + "\"";
    }
    return text + (hint.nearest.empty() ? "\n" : ".\n");
}

/// What stands below the passages.
std::string footer(const ResultFacts& facts) {
    std::string text;
    if (facts.degraded) {
        text +=
            "(degraded: some or all of it was searched by words alone; health_check says why)\n";
    }
    if (facts.truncated) text += "(truncated)\n";
    if (facts.next_cursor) text += "next_cursor: " + *facts.next_cursor + "\n";
    return text;
}

ToolAnswer answer_of(const std::vector<Passage>& passages, const ResultFacts& facts) {
    encoding::JsonWriter out;
    out.begin_object().key("results").begin_array();
    for (const Passage& passage : passages) wire::write_passage(out, passage, false);
    out.end_array().member("total_results", static_cast<std::int64_t>(passages.size()));
    out.flag("degraded", facts.degraded).flag("truncated", facts.truncated);
    out.member("next_cursor", facts.next_cursor);
    wire::write_hints(out, facts.hints);
    ToolAnswer answer(out.end_object().take());
    for (const Passage& passage : passages) answer.text += passage_text(passage) + "\n";
    if (passages.empty()) answer.text += kNothing;
    for (const FilterHint& hint : facts.hints) answer.text += hint_line(hint);
    answer.text += footer(facts);
    return answer;
}

std::size_t text_bytes(const std::vector<Passage>& passages) {
    std::size_t bytes = 0;
    for (const Passage& passage : passages) {
        for (const PassageMessage& message : passage.messages) bytes += message.text.size();
    }
    return bytes;
}

ToolOutput page_answer(FoundPage page) {
    std::vector<Passage>& passages = page.found.passages;
    const std::size_t rows = passages.size();
    const std::size_t before = std::min(page.place.shown, rows);
    passages.erase(passages.begin(), passages.begin() + static_cast<std::ptrdiff_t>(before));
    // The longest cursor there can be stands for the one that will be there.
    const ResultFacts longest{
        page.found.degraded,
        true,
        make_page_cursor(page.arguments, {page.found.next_cursor, rows}),
        {}};
    const ResultBudget& budget = page.budget;
    const std::size_t frame = budget.text_cost(footer(longest));
    const std::size_t whole = budget.text_available();
    const std::size_t room = whole > frame ? whole - frame : 1;
    const PassageCost cost{
        [&budget](const Passage& passage) {
            return budget.text_cost(passage_heading(passage) + "\n");
        },
        [&budget](const PassageMessage& message) {
            return budget.text_cost(passage_line(message));
        },
        [&budget](const std::string& text) { return budget.text_cost(text); }};
    ResultFacts facts{page.found.degraded, page.found.truncated, {}, page.found.hints};
    facts.truncated = fit_passages(passages, room, cost) || facts.truncated;
    const std::size_t shown = before + passages.size();
    facts.next_cursor =
        next_page_cursor(page.arguments, page.place, shown, rows, page.found.next_cursor);
    return answer_of(passages, facts);
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

    const TextAmount text = to_tokenize(text_bytes(found->passages));
    FoundPage page{std::move(call.arguments), std::move(read->place), budget, std::move(*found)};
    auto job = [page = std::move(page)]() mutable { return page_answer(std::move(page)); };
    co_return co_await compute(server.work_pool, call.context, text, std::move(job));
}

}  // namespace rag::mcp
