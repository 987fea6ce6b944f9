#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <thread>

#include "chunk_index.hpp"
#include "plain_search.hpp"
#include "simd/targets.hpp"
#include "synthetic_chunks.hpp"

namespace rag::sqlite {
namespace {

constexpr float kRounding = 3e-6F;  // Of sums of 384 floats in another order.
constexpr double kMatchRounding = 1e-3;  // Of the tables (simd/piece_tables.hpp).

struct Fixture {
    explicit Fixture(const synthetic::Shape& shape) : source(shape) {
        IndexBatch batch;
        IndexedChunk chunk;
        while (source.next(chunk)) {
            // One chunk in fifteen is from a time of another embedding space.
            if (chunk.chunk_id.value % 15 == 0) chunk.embedding = {};
            plain.add(chunk);
            batch.added.push_back(chunk);
            if (batch.added.size() == 37) index.apply(std::exchange(batch, {}));
        }
        index.apply(std::move(batch));
    }

    void remove(ConversationId id) {
        plain.remove(id);
        index.apply({.removed = {id}, .added = {}});
    }

    synthetic::Chunks source;
    PlainSearch plain;
    ChunkIndex index;
};

using ById = std::map<ChunkId, const Candidate*>;

ById by_id(const CandidateSet& set) {
    ById found;
    for (const Candidate& candidate : set.candidates) found[candidate.chunk_id] = &candidate;
    return found;
}

void expect_same_matches(
    const CandidateSet& found,
    const Candidate& candidate,
    const CandidateSet& wanted,
    const Candidate& plain
) {
    for (std::size_t place = 0; place < plain.window.size(); ++place) {
        ASSERT_EQ(candidate.window[place] == kNoRow, plain.window[place] == kNoRow);
        if (plain.window[place] == kNoRow) continue;
        const auto row = static_cast<std::size_t>(candidate.window[place]);
        const auto plain_row = static_cast<std::size_t>(plain.window[place]);
        EXPECT_EQ(found.row_pieces[row], wanted.row_pieces[plain_row]);
        for (std::size_t piece = 0; piece < found.piece_count; ++piece) {
            EXPECT_NEAR(
                found.piece_match[row * found.piece_count + piece],
                wanted.piece_match[plain_row * found.piece_count + piece],
                kMatchRounding
            );
        }
    }
}

/// Ranks of chunks whose cosines differ by less than rounding may change places.
void expect_same_ranks(const CandidateSet& found, const CandidateSet& wanted) {
    std::map<std::int32_t, float> cosines, plain_cosines;
    std::map<std::int32_t, ChunkId> words, plain_words;
    for (const Candidate& one : found.candidates) {
        if (one.dense_rank > 0) cosines[one.dense_rank] = one.cosine;
        if (one.lexical_rank > 0) words[one.lexical_rank] = one.chunk_id;
    }
    for (const Candidate& one : wanted.candidates) {
        if (one.dense_rank > 0) plain_cosines[one.dense_rank] = one.cosine;
        if (one.lexical_rank > 0) plain_words[one.lexical_rank] = one.chunk_id;
    }
    EXPECT_EQ(words, plain_words);
    ASSERT_EQ(cosines.size(), plain_cosines.size());
    for (const auto& [rank, cosine] : cosines) {
        EXPECT_NEAR(cosine, plain_cosines.at(rank), kRounding) << "rank " << rank;
    }
}

void expect_same(const CandidateSet& found, const CandidateSet& wanted, SearchMode mode) {
    EXPECT_EQ(found.chunk_total, wanted.chunk_total);
    EXPECT_EQ(found.piece_count, wanted.piece_count);
    EXPECT_EQ(found.piece_frequency, wanted.piece_frequency);
    expect_same_ranks(found, wanted);
    ASSERT_EQ(found.candidates.size(), wanted.candidates.size());
    const ById plain = by_id(wanted);
    for (std::size_t i = 0; i < found.candidates.size(); ++i) {
        const Candidate& one = found.candidates[i];
        ASSERT_TRUE(plain.contains(one.chunk_id)) << one.chunk_id.value;
        const Candidate& other = *plain.at(one.chunk_id);
        EXPECT_EQ(one.chunk_id, wanted.candidates[i].chunk_id) << "order of candidates";
        EXPECT_EQ(one.conversation_id, other.conversation_id);
        EXPECT_EQ(one.order_index, other.order_index);
        EXPECT_EQ(found.authors[one.author], wanted.authors[other.author]);
        EXPECT_EQ(one.day, other.day);
        EXPECT_EQ(one.traits.tokens, other.traits.tokens);
        EXPECT_EQ(one.in_pool, other.in_pool);
        EXPECT_EQ(one.question_before, other.question_before);
        if (mode != SearchMode::dense) {
            EXPECT_EQ(one.bm25, other.bm25);  // The same sum in the same order.
            EXPECT_NEAR(one.bm25_window, other.bm25_window, kRounding);
            EXPECT_NEAR(one.bm25_conversation, other.bm25_conversation, kRounding);
            EXPECT_EQ(one.bm25_question, other.bm25_question);
        }
        if (mode != SearchMode::lexical) {
            EXPECT_NEAR(one.cosine, other.cosine, kRounding);
            EXPECT_NEAR(
                std::max(one.cosine_conversation, 0.0F),
                std::max(other.cosine_conversation, 0.0F),
                kRounding
            );
        }
        if (mode == SearchMode::hybrid) expect_same_matches(found, one, wanted, other);
        if (testing::Test::HasFailure()) return;  // One is enough to read.
    }
}

std::vector<Filter> filters_of_all_sizes() {
    std::vector<Filter> filters(5);
    filters[1].author_type = "user";                            // 50 %
    filters[2].scenario_title = synthetic::kTitleOfTwentieth;   // 5 %
    filters[3].scenario_title = synthetic::kTitleOfThousandth;  // 0.1 %
    filters[4].author_name = "nobody";                          // Nothing.
    return filters;
}

TEST(ExhaustiveSearch, EqualsPlainLoopsUnderEveryFilter) {
    Fixture chunks({.chunks = 3'000, .vocabulary = 2'000, .topics = 20, .seed = 7});
    for (int round = 0; round < 4; ++round) {
        ChunkQuery query = chunks.source.question();
        query.pool_size = 60;
        for (const Filter& filter : filters_of_all_sizes()) {
            query.filter = filter;
            const CandidateSet wanted = chunks.plain.candidates(query);
            expect_same(chunks.index.candidates(query), wanted, SearchMode::hybrid);
        }
    }
}

TEST(ExhaustiveSearch, EqualsPlainLoopsInEveryModeAndWithATail) {
    Fixture chunks({.chunks = 2'500, .vocabulary = 1'500, .topics = 20, .seed = 8});
    for (const SearchMode mode : {SearchMode::hybrid, SearchMode::dense, SearchMode::lexical}) {
        for (const std::size_t tail : {std::size_t{0}, std::size_t{300}}) {
            ChunkQuery query = chunks.source.question();
            query.mode = mode;
            query.pool_size = 40;
            query.tail_size = tail;
            expect_same(chunks.index.candidates(query), chunks.plain.candidates(query), mode);
        }
    }
}

TEST(ExhaustiveSearch, EqualsPlainLoopsOnEveryInstructionSet) {
    Fixture chunks({.chunks = 1'500, .vocabulary = 1'500, .topics = 20, .seed = 9});
    ChunkQuery query = chunks.source.question();
    query.pool_size = 50;
    const CandidateSet wanted = chunks.plain.candidates(query);
    for (const std::string& target : simd::available_targets()) {
        SCOPED_TRACE(target);
        const simd::ForcedTarget forced(target);
        expect_same(chunks.index.candidates(query), wanted, SearchMode::hybrid);
    }
}

TEST(ExhaustiveSearch, EqualsPlainLoopsAfterRemovalsAndCompaction) {
    Fixture chunks({.chunks = 9'000, .dimension = 64, .vocabulary = 2'000, .topics = 20, .seed = 10}
    );
    ChunkQuery query = chunks.source.question();
    query.pool_size = 50;

    bool compacted = false;
    const std::int64_t last = chunks.plain.chunks().back().conversation_id.value;
    for (std::int64_t id = 1; id <= last; ++id) {
        if (id % 5 == 0) continue;
        const std::size_t before = chunks.index.stats().removed_rows;
        chunks.remove({id});
        compacted = compacted || chunks.index.stats().removed_rows < before;
        if (id % 97 == 1) {
            expect_same(chunks.index.candidates(query), chunks.plain.candidates(query), query.mode);
        }
    }

    EXPECT_TRUE(compacted);
    EXPECT_EQ(chunks.index.size(), chunks.plain.chunks().size());
    expect_same(chunks.index.candidates(query), chunks.plain.candidates(query), query.mode);
}

TEST(ExhaustiveSearch, IsTheSameForAnyNumberOfThreads) {
    synthetic::Chunks source({.chunks = 30'000, .dimension = 64, .topics = 50, .seed = 12});
    ChunkIndex alone, shared(ChunkIndexOptions{.dimension = 64, .scan_threads = 3});
    IndexBatch batch;
    for (IndexedChunk chunk; source.next(chunk);) batch.added.push_back(chunk);
    alone.apply(batch);
    shared.apply(std::move(batch));
    std::vector<ChunkQuery> queries(20);
    for (ChunkQuery& query : queries) {
        query = source.question();
        query.pool_size = 100;
    }

    // Two searches at once: only one of them is helped.
    const auto search = [&] {
        for (const ChunkQuery& query : queries) {
            expect_same(shared.candidates(query), alone.candidates(query), SearchMode::hybrid);
        }
    };
    std::jthread other(search);
    search();
}

TEST(ExhaustiveSearch, EqualsPlainLoopsWhenConversationsGrowInTurns) {
    synthetic::Chunks source({.chunks = 600, .vocabulary = 800, .topics = 10, .seed = 11});
    PlainSearch plain;
    ChunkIndex index;
    IndexedChunk chunk;
    std::map<std::int64_t, std::int32_t> sizes;
    while (source.next(chunk)) {
        chunk.conversation_id.value = chunk.chunk_id.value % 7;
        chunk.order_index = sizes[chunk.conversation_id.value]++;
        plain.add(chunk);
        index.apply({.removed = {}, .added = {chunk}});
    }

    ChunkQuery query = source.question();
    query.pool_size = 30;
    expect_same(index.candidates(query), plain.candidates(query), query.mode);
}

}  // namespace
}  // namespace rag::sqlite
