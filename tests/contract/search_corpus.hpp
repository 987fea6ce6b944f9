#pragma once

#include <deque>
#include <random>
#include <string>
#include <vector>

#include "contract/repository_fixture.hpp"
#include "support/brute_force_candidates.hpp"
#include "support/filter_match.hpp"
#include "support/search_check.hpp"

namespace rag::test {

/// Made-up talk that is kept twice: in a store, and beside it for plain loops. The same each time.
class SearchCorpus {
public:
    explicit SearchCorpus(ConversationRepository& repository) : repository_(repository) {
        for (int i = 0; i < 60; ++i) add_conversation();
    }

    /// A few questions under every kind of filter and in every mode.
    std::vector<CheckedSearch> search() {
        std::vector<CheckedSearch> searches;
        for (const Filter& filter : filters()) {
            for (const SearchMode mode : kSearchModes) {
                for (const std::size_t tail : {0u, 30u}) {
                    ChunkQuery query = question();
                    query.filter = filter;
                    query.mode = mode;
                    query.tail_size = tail;
                    searches.push_back(checked(query));
                }
            }
        }
        return searches;
    }

    static CallContext soon() { return within(std::chrono::seconds(30)); }

private:
    struct Kept {
        ConversationId id;
        Conversation conversation;
        std::vector<NewChunk> chunks;
        std::vector<ChunkId> chunk_ids;
        Timestamp stored_at;
    };

    static constexpr std::size_t kVocabulary = 40;
    static constexpr std::size_t kPoolSize = 12;

    /// 0 to count - 1. The library's distributions are not the same everywhere.
    std::size_t any(std::size_t count) { return random_() % count; }

    /// Low words are frequent.
    std::string word() { return "w" + std::to_string(any(1 + any(kVocabulary))); }

    std::vector<float> unit_vector() {
        std::vector<float> vector;
        float square = 0;
        for (std::size_t axis = 0; axis < kVectorSize; ++axis) {
            vector.push_back(static_cast<float>(any(2'001)) / 1'000 - 1);
            square += vector.back() * vector.back();
        }
        for (float& value : vector) value /= std::sqrt(square);
        return vector;
    }

    void add_conversation() {
        std::vector<Message> messages;
        const std::size_t count = 1 + any(12);
        for (std::size_t i = 0; i < count; ++i) {
            std::string content = word();
            for (std::size_t more = any(8); more > 0; --more) content += " " + word();
            if (any(4) == 0) content += "?";
            Message message = said(any(2) == 0 ? "ana" : "bo", content);
            if (any(2) == 0) message.author_type = "assistant";
            if (any(3) != 0) {
                message.timestamp = Timestamp{static_cast<std::int64_t>(any(100)) * 86'400'000};
            }
            messages.push_back(std::move(message));
        }
        NewConversation made = conversation_of(messages, "title " + std::to_string(any(5)));
        // No two are the same content.
        made.conversation.header.external_id = std::to_string(kept_.size());
        made.fingerprint = fingerprint(made.conversation);
        for (NewChunk& chunk : made.chunks) add_pieces(chunk);
        keep(std::move(made));
    }

    void add_pieces(NewChunk& chunk) {
        chunk.embedding.vector = unit_vector();
        PieceBits& pieces = chunk.embedding.pieces;
        pieces = {kVectorSize, {}, {}, {}};
        for (std::size_t more = 1 + any(3); more > 0; --more) {
            const auto id = static_cast<std::int32_t>(1'000 + 10 * more + any(10));
            pieces.bits.push_back(static_cast<std::uint8_t>(any(256)));
            pieces.content_ids.push_back(id);
            pieces.unique_ids.insert(pieces.unique_ids.begin(), id);
        }
    }

    void keep(NewConversation made) {
        Kept& kept = kept_.emplace_back();
        kept.conversation = made.conversation;
        kept.chunks = made.chunks;
        const auto answer = await(repository_.save(std::move(made), without_key(), soon()));
        ASSERT_TRUE(answer) << answer.error().message;
        kept.id = answer->outcome.conversation_id;
        kept.stored_at = answer->outcome.created_at;
        const auto chunks = await(repository_.chunks(kept.id, kAnySize, soon()));
        ASSERT_TRUE(chunks) << chunks.error().message;
        for (const StoredChunk& chunk : *chunks) kept.chunk_ids.push_back(chunk.id);
        ASSERT_EQ(kept.chunk_ids.size(), kept.chunks.size());
    }

    std::vector<Filter> filters() const {
        std::vector<Filter> filters(7);
        filters[1].author_name = "ana";
        filters[2].author_type = "assistant";
        filters[3].scenario_title = "title 3";
        filters[4].conversation_id = kept_[7].id;
        filters[5].date_from = Timestamp{20 * 86'400'000LL};
        filters[5].date_to = Timestamp{60 * 86'400'000LL};
        filters[6] = filters[5];
        filters[6].author_name = "bo";
        return filters;
    }

    ChunkQuery question() {
        ChunkQuery query;
        query.pool_size = kPoolSize;
        for (int i = 0; i < 4; ++i) {
            const std::string term = word();
            if (std::ranges::find(query.terms, term) == query.terms.end()) {
                query.terms.push_back(term);
            }
        }
        query.embedding = unit_vector();
        query.pieces.dimension = kVectorSize;
        for (std::int32_t piece = 0; piece < 3; ++piece) {
            query.pieces.ids.push_back(1'010 + 11 * piece);
            const std::vector<float> vector = unit_vector();
            query.pieces.vectors.insert(query.pieces.vectors.end(), vector.begin(), vector.end());
        }
        return query;
    }

    CheckedSearch checked(const ChunkQuery& query) {
        std::vector<BruteForceChunk> chunks;
        for (const Kept& kept : kept_) {
            const std::vector<Message>& messages = kept.conversation.messages;
            for (std::size_t i = 0; i < kept.chunks.size(); ++i) {
                const bool passes = matches(query.filter, kept.id, kept.conversation.header) &&
                                    matches(query.filter, kept.chunks[i].chunk, messages);
                chunks.push_back(
                    {kept.chunk_ids[i], kept.id, &kept.chunks[i], passes, true, kept.stored_at}
                );
            }
        }
        ChunkQuery everything = query;
        everything.pool_size = chunks.size();
        CheckedSearch search;
        search.query = query;
        search.wanted = brute_force_candidates(chunks, query);
        search.all = brute_force_candidates(chunks, everything);
        Result<CandidateSet> found = await(repository_.candidates(query, soon()));
        EXPECT_TRUE(found) << found.error().message;
        if (found) search.found = std::move(*found);
        return search;
    }

    ConversationRepository& repository_;
    std::mt19937 random_{20'251};
    std::deque<Kept> kept_;  // Whose chunks are pointed to.
};

}  // namespace rag::test
