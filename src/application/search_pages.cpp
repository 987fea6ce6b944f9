#include <algorithm>
#include <utility>

#include "application/compute.hpp"
#include "domain/limits.hpp"
#include "search_parts.hpp"
#include "token_budget.hpp"

/// The half of a search that comes behind the ranking: a page of it, read and fitted.
namespace rag {
namespace {

SignalFound found(std::int32_t rank, float score) { return {rank, static_cast<double>(score)}; }

/// What ranking says of a row; its text comes from the repository later.
void describe(
    SearchResult& result, const Candidate& candidate, const Ranked& ranked, bool explain
) {
    result.score = std::clamp(static_cast<double>(ranked.score), 0.0, 1.0);
    if (candidate.dense_rank > 0) result.dense = found(candidate.dense_rank, candidate.cosine);
    if (candidate.lexical_rank > 0) result.lexical = found(candidate.lexical_rank, candidate.bm25);
    if (!explain || ranked.shares.empty()) return;

    const std::span<const SignalWeight> signals = signal_weights();
    for (std::size_t signal = 0; signal < signals.size(); ++signal) {
        result.shares.emplace_back(
            std::string(signals[signal].name), static_cast<double>(ranked.shares[signal])
        );
    }
}

PassageCost cost_of_text(const TokenCounter& counter) {
    return {
        [](const Passage&) { return std::size_t{0}; },
        [&counter](const PassageMessage& message) { return counter.count(message.text); },
        [&counter](const std::string& text) { return counter.count(text); }};
}

/// Rows that fit a budget of tokens.
struct FittedRows {
    std::vector<SearchResult> results;
    bool truncated = false;
};

struct FittedPassages {
    std::vector<Passage> passages;
    bool truncated = false;
};

}  // namespace

/// The rows from `offset` on, as many as are wanted. One that was deleted since it was ranked is
/// passed over, and the next one takes its place.
Task<Result<SearchConversations::Page>> SearchConversations::load_rows(
    const Ranking& ranking,
    const SearchRequest& request,
    std::uint64_t offset,
    const CallContext& context
) {
    Page page;
    page.end = std::min<std::uint64_t>(offset, ranking.ranked.size());
    std::size_t bytes_left = limits::kReadBytesMax;
    std::size_t asked = request.top_k;
    while (page.results.size() < request.top_k && page.end < ranking.ranked.size()) {
        const std::uint64_t begin = page.end;
        const std::uint64_t end = std::min<std::uint64_t>(begin + asked, ranking.ranked.size());
        std::vector<ChunkId> ids;
        for (std::uint64_t place = begin; place < end; ++place) {
            ids.push_back(ranking.set.candidates[ranking.ranked[place].candidate].chunk_id);
        }
        Result<std::vector<LoadedChunk>> loaded =
            co_await repository_.load(std::move(ids), request.context, bytes_left, context);
        if (!loaded) co_return tl::unexpected<Error>(std::move(loaded.error()));

        auto row = loaded->begin();
        for (std::uint64_t place = begin; place < end; ++place) {
            if (page.results.size() == request.top_k) break;
            page.end = place + 1;
            const Ranked& ranked = ranking.ranked[place];
            const Candidate& candidate = ranking.set.candidates[ranked.candidate];
            if (row == loaded->end() || row->stored.id != candidate.chunk_id) continue;
            for (const StoredMessage& message : row->context) {
                bytes_left -= std::min(bytes_left, read_bytes(message.message));
            }
            SearchResult& result = page.results.emplace_back();
            describe(result, candidate, ranked, request.explain);
            page.truncated = page.truncated || row->context_left_out;
            page.places.push_back(place);
            result.chunk = std::move(*row++);
        }
        // Where rows go away so fast, few calls should pass over them.
        asked = limits::kRowsMax;
    }
    co_return page;
}

/// Both answer where the next page begins, if there is one.
Task<Result<std::optional<std::uint64_t>>> SearchConversations::fill_rows(
    SearchResponse& response,
    const Ranking& ranking,
    const SearchRequest& request,
    std::uint64_t offset,
    const CallContext& context
) {
    const Result<std::uint64_t> end =
        co_await load_page(response, ranking, request, offset, context);
    if (!end) co_return tl::unexpected<Error>(end.error());
    std::optional<std::uint64_t> next;
    if (*end < ranking.ranked.size()) next = *end;
    co_return next;
}

/// The messages of a span; where they are too many bytes, those of the hit alone, or none.
Task<Result<std::vector<StoredMessage>>> SearchConversations::messages_of(
    const SearchResult& hit, const PassageSpan& span, std::size_t bytes_max, CallContext context
) {
    const ConversationId id = hit.chunk.stored.conversation_id;
    const Chunk& chunk = hit.chunk.stored.chunk;
    const MessageRange all{span.from, span.to};
    Result<std::vector<StoredMessage>> messages =
        co_await repository_.messages(id, all, bytes_max, context);
    if (!messages && messages.error().code == ErrorCode::too_large) {
        const MessageRange of_hit{chunk.message_start, chunk.message_end};
        messages = co_await repository_.messages(id, of_hit, bytes_max, context);
    }
    if (messages) co_return messages;
    const ErrorCode code = messages.error().code;
    // What was deleted since it was ranked is passed over.
    if (code != ErrorCode::too_large && code != ErrorCode::not_found) co_return messages;
    co_return std::vector<StoredMessage>();
}

/// The passages of the page's hits, from the one on that `place` names.
Task<Result<std::optional<std::uint64_t>>> SearchConversations::fill_passages(
    SearchResponse& response,
    const Ranking& ranking,
    const SearchRequest& request,
    std::uint64_t place,
    const CallContext& context
) {
    const std::uint64_t offset = place / kPassagesOfHits;
    const std::uint64_t shown = place % kPassagesOfHits;
    SearchRequest hits_alone = request;
    hits_alone.context = 0;
    Result<Page> page = co_await load_rows(ranking, hits_alone, offset, context);
    if (!page) co_return tl::unexpected<Error>(std::move(page.error()));

    const std::vector<PassageSpan> spans = passage_spans(page->results, request.context);
    std::size_t bytes_left = limits::kReadBytesMax;
    for (std::size_t at = shown; at < spans.size(); ++at) {
        const SearchResult& hit = page->results[spans[at].hits[0]];
        Result<std::vector<StoredMessage>> messages =
            co_await messages_of(hit, spans[at], bytes_left, context);
        if (!messages) co_return tl::unexpected<Error>(std::move(messages.error()));
        for (const StoredMessage& message : *messages) {
            bytes_left -= std::min(bytes_left, read_bytes(message.message));
        }
        response.passages.push_back(make_passage(spans[at], page->results, std::move(*messages)));
    }
    const std::size_t there = response.passages.size();
    if (request.max_tokens) {
        auto job =
            [passages = std::move(response.passages),
             max = *request.max_tokens,
             cost = cost_of_text(embeddings_.token_counter())]() mutable -> Result<FittedPassages> {
            const bool truncated = fit_passages(passages, max, cost);
            return FittedPassages{std::move(passages), truncated};
        };
        Result<FittedPassages> fitted = co_await compute(work_pool_, context, std::move(job));
        if (!fitted) co_return tl::unexpected<Error>(std::move(fitted.error()));
        response.passages = std::move(fitted->passages);
        response.truncated = fitted->truncated;
    }
    const std::size_t kept = response.passages.size();
    std::optional<std::uint64_t> next;
    if (kept < there) {
        next = offset * kPassagesOfHits + shown + kept;
    } else if (page->end < ranking.ranked.size()) {
        next = page->end * kPassagesOfHits;
    }
    std::erase_if(response.passages, [](const Passage& passage) {
        return passage.messages.empty();
    });
    co_return next;
}

/// Fills the page that begins at `offset`; answers the place where the next one begins.
Task<Result<std::uint64_t>> SearchConversations::load_page(
    SearchResponse& response,
    const Ranking& ranking,
    const SearchRequest& request,
    std::uint64_t offset,
    const CallContext& context
) {
    Result<Page> page = co_await load_rows(ranking, request, offset, context);
    if (!page) co_return tl::unexpected<Error>(std::move(page.error()));

    FittedRows rows{std::move(page->results), false};
    if (request.max_tokens) {
        auto job = [rows = std::move(rows),
                    max = *request.max_tokens,
                    &counter = embeddings_.token_counter()]() mutable -> Result<FittedRows> {
            rows.truncated = fit_to_budget(rows.results, max, counter);
            return std::move(rows);
        };
        Result<FittedRows> fitted = co_await compute(work_pool_, context, std::move(job));
        if (!fitted) co_return tl::unexpected<Error>(std::move(fitted.error()));
        rows = std::move(*fitted);
    }
    response.truncated = page->truncated || rows.truncated;
    response.results = std::move(rows.results);
    if (response.results.size() == page->places.size()) co_return page->end;
    // The first row that was left out begins the next page.
    co_return page->places[response.results.size() - 1] + 1;
}

}  // namespace rag
