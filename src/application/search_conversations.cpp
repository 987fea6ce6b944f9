#include "application/search_conversations.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "application/compute.hpp"
#include "application/parameters.hpp"
#include "cursor.hpp"
#include "domain/limits.hpp"
#include "domain/time_order.hpp"
#include "embedding_calls.hpp"
#include "search_terms.hpp"
#include "stopwatch.hpp"
#include "token_budget.hpp"

namespace rag {
namespace {

constexpr std::string_view kLogger = "app.application.search_conversations";

/// The pool holds at least this many of the best, if so many match; a page that ends before it
/// needs no tail, not even to know whether another page follows.
bool ends_within_pool(std::uint64_t end) { return end < limits::kPoolSize; }

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

/// A cursor of passages names the first hit of the page and how many of its passages were shown: a
/// page has fewer of them than this.
constexpr std::uint64_t kPassagesOfHits = 256;
static_assert(limits::kRowsMax < kPassagesOfHits);

PassageCost cost_of_text(const TokenCounter& counter) {
    return {
        [](const Passage&) { return std::size_t{0}; },
        [&counter](const PassageMessage& message) { return counter.count(message.text); },
        [&counter](const std::string& text) { return counter.count(text); }};
}

/// Rows that a cursor of a list can reach.
constexpr std::uint64_t kListedMax = 100'000;

bool has_filter(const SearchRequest& request) {
    return request.filter != Filter() || request.days.from || request.days.to;
}

/// Nothing is asked, so what passes the filter is listed.
bool is_list(const SearchRequest& request) {
    return is_blank(request.query) || request.query == "*";
}

Result<void> check_question(const SearchRequest& request) {
    const bool sorted = request.order != SearchOrder::relevance;
    if (!is_list(request) || sorted || has_filter(request)) return {};
    return fail(
        ErrorCode::invalid_argument,
        "must not be blank: ask something, or give a filter or sort to list messages",
        "/query"
    );
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

struct SearchConversations::Ranking {
    CandidateSet set;
    std::vector<Ranked> ranked;  // From the best on; none below `min_score`.
    bool degraded = false;
};

struct SearchConversations::Page {
    std::vector<SearchResult> results;
    std::vector<std::uint64_t> places;  // Of the results, in the ranking.
    std::uint64_t end = 0;              // Where the next page begins.
    bool truncated = false;
};

SearchConversations::SearchConversations(
    ConversationRepository& repository,
    EmbeddingProvider& embeddings,
    Telemetry& telemetry,
    WorkPool& work_pool,
    const TermAnalyzer& analyzer,
    WallClock clock,
    const TimeZones& zones
)
    : repository_(repository),
      embeddings_(embeddings),
      telemetry_(telemetry),
      work_pool_(work_pool),
      analyzer_(analyzer),
      clock_(std::move(clock)),
      zones_(zones) {}

Task<Result<SearchResponse>> SearchConversations::run(SearchRequest request, CallContext context) {
    const Stopwatch watch;
    const std::string_view mode = name_of(request.mode);
    Result<SearchResponse> response = co_await find(std::move(request), std::move(context));

    std::string_view status = "error";
    if (response) {
        status = response->degraded ? "degraded" : "success";
        response->execution_time_ms = watch.seconds() * 1'000;
    }
    telemetry_.count("search_requests_total", {mode, status});
    telemetry_.observe("search_duration_seconds", {mode}, watch.seconds());
    co_return response;
}

Task<Result<SearchResponse>> SearchConversations::find(SearchRequest request, CallContext context) {
    if (Result<void> valid = check_bounds(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    if (Result<void> asked = check_question(request); !asked) {
        co_return tl::unexpected<Error>(std::move(asked.error()));
    }
    const ParameterDigest digest = digest_of("search", request);
    Result<CursorPlace> begin;
    if (request.cursor) begin = read_cursor(*request.cursor, digest);
    if (!begin) co_return tl::unexpected<Error>(std::move(begin.error()));
    const std::uint64_t place = begin->number;

    const Result<const TimeZone*> zone =
        settle_days(request.filter, request.days, request.timezone, zones_);
    if (!zone) co_return tl::unexpected<Error>(zone.error());

    const bool passages = request.shape == ResultShape::passages;
    const std::uint64_t offset = passages ? place / kPassagesOfHits : place;
    Result<Ranking> ranking;
    if (is_list(request)) {
        ranking = co_await list_all(request, offset, context);
    } else {
        ranking = co_await rank_all(request, **zone, offset, context);
    }
    if (!ranking) co_return tl::unexpected<Error>(std::move(ranking.error()));

    SearchResponse response;
    response.mode = request.mode;
    response.explain = request.explain;
    response.degraded = ranking->degraded;
    response.shape = request.shape;
    Result<std::optional<std::uint64_t>> next;
    if (passages) {
        next = co_await fill_passages(response, *ranking, request, place, context);
    } else {
        next = co_await fill_rows(response, *ranking, request, place, context);
    }
    if (!next) co_return tl::unexpected<Error>(std::move(next.error()));
    if (*next) response.next_cursor = make_cursor({**next}, digest);
    Result<std::vector<FilterHint>> hints = co_await hints_for(request, response, context);
    if (!hints) co_return tl::unexpected<Error>(std::move(hints.error()));
    response.hints = std::move(*hints);
    response.query = std::move(request.query);
    co_return response;
}

/// Nobody may take a filter that nothing passes for an empty store.
Task<Result<std::vector<FilterHint>>> SearchConversations::hints_for(
    const SearchRequest& request, const SearchResponse& response, const CallContext& context
) {
    const bool found = !response.results.empty() || !response.passages.empty() || request.cursor;
    const bool asks = std::ranges::any_of(kFilterTexts, [&request](auto text) {
        return (request.filter.*text).has_value();
    });
    if (found || !asks) co_return std::vector<FilterHint>();
    co_return co_await repository_.filter_hints(request.filter, context);
}

Task<Result<SearchConversations::Ranking>> SearchConversations::list_all(
    const SearchRequest& request, std::uint64_t offset, const CallContext& context
) {
    TimelineQuery query;
    query.filter = request.filter;
    query.newest_first = request.order != SearchOrder::oldest;
    // One more tells whether another page follows.
    query.limit = std::min(offset + request.top_k + 1, kListedMax);
    Result<std::vector<ChunkPlace>> places =
        co_await repository_.timeline(std::move(query), context);
    if (!places) co_return tl::unexpected<Error>(std::move(places.error()));
    Ranking ranking;
    for (const ChunkPlace& place : *places) {
        ranking.ranked.push_back({ranking.set.candidates.size(), 1.0F, {}});
        Candidate& candidate = ranking.set.candidates.emplace_back();
        candidate.chunk_id = place.chunk_id;
        candidate.conversation_id = place.conversation_id;
    }
    co_return ranking;
}

Task<Result<SearchConversations::Ranking>> SearchConversations::rank_all(
    const SearchRequest& request,
    const TimeZone& zone,
    std::uint64_t offset,
    const CallContext& context
) {
    ChunkQuery query;
    query.filter = request.filter;
    query.zone = &zone;
    query.mode = request.mode;
    query.pool_size = limits::kPoolSize;
    const bool by_time = request.order != SearchOrder::relevance;
    // The newest may stand anywhere among what matches.
    if (by_time || !ends_within_pool(offset + request.top_k)) query.tail_size = limits::kTailSize;

    Ranking ranking;
    if (request.mode != SearchMode::lexical) {
        EmbeddingCalls calls(embeddings_, telemetry_, EmbeddingCaller{kLogger, context.trace.id});
        Result<QueryEmbedding> embedding = co_await calls.query(request.query, context);
        // A search without a vector still finds words, so a dead provider degrades it, not fails
        // it; and chunks of another embedding space are found by words only.
        ranking.degraded = !embedding || !repository_.is_embedded(context.tenant());
        if (embedding) {
            query.embedding = std::move(embedding->vector);
            query.pieces = std::move(embedding->pieces);
        } else if (query.mode == SearchMode::dense) {
            query.mode = SearchMode::lexical;
        }
    }
    if (query.mode != SearchMode::dense) query.terms = search_terms(analyzer_, request.query);

    const SearchMode mode = query.mode;
    const Explain explain = request.explain ? Explain::yes : Explain::no;
    const bool long_ranking = query.tail_size > 0;
    Result<CandidateSet> candidates = co_await repository_.candidates(std::move(query), context);
    if (!candidates) co_return tl::unexpected<Error>(std::move(candidates.error()));

    ranking.set = std::move(*candidates);
    auto job = [ranking = std::move(ranking),
                cues = query_cues(request.query, day_in(zone, clock_())),
                mode,
                order = request.order,
                explain]() mutable -> Result<Ranking> {
        ranking.ranked = rank(ranking.set, cues, mode, explain);
        if (order != SearchOrder::relevance) {
            ranking.ranked = in_time_order(ranking.set, std::move(ranking.ranked), order);
        }
        return std::move(ranking);
    };
    Result<Ranking> ranked;
    if (long_ranking) {
        ranked = co_await compute(work_pool_, context, std::move(job));
        if (!ranked) co_return ranked;
    } else {
        ranked = job();
    }
    if (request.min_score) {
        std::erase_if(ranked->ranked, [&](const Ranked& row) {
            return static_cast<double>(row.score) < *request.min_score;
        });
    }
    co_return ranked;
}

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
