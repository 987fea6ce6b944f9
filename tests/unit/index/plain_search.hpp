#pragma once

#include <optional>
#include <vector>

#include "chunk_index.hpp"
#include "support/brute_force_candidates.hpp"

/// The same chunks beside the index, searched by the plainest loops.
namespace rag::sqlite {

class PlainSearch {
public:
    void add(const IndexedChunk& chunk) { chunks_.push_back(chunk); }
    void remove(ConversationId id) {
        std::erase_if(chunks_, [id](const IndexedChunk& chunk) {
            return chunk.conversation_id == id;
        });
    }

    const std::vector<IndexedChunk>& chunks() const { return chunks_; }

    CandidateSet candidates(const ChunkQuery& query) const {
        std::vector<NewChunk> data(chunks_.size());
        std::vector<test::BruteForceChunk> all;
        for (std::size_t i = 0; i < chunks_.size(); ++i) {
            const IndexedChunk& chunk = chunks_[i];
            data[i].chunk.order_index = chunk.order_index;
            data[i].chunk.author_name = chunk.author_name;
            data[i].chunk.timestamp = chunk.timestamp;
            data[i].traits = chunk.traits;
            data[i].terms = chunk.terms;
            data[i].length = chunk.length;
            data[i].embedding = chunk.embedding;
            all.push_back(
                {chunk.chunk_id,
                 chunk.conversation_id,
                 &data[i],
                 passes(query.filter, chunk),
                 !chunk.embedding.vector.empty()}
            );
        }
        std::ranges::sort(all, [](const test::BruteForceChunk& a, const test::BruteForceChunk& b) {
            return std::pair(a.conversation_id, a.data->chunk.order_index) <
                   std::pair(b.conversation_id, b.data->chunk.order_index);
        });
        return test::brute_force_candidates(all, query);
    }

    static bool passes(const Filter& filter, const IndexedChunk& chunk) {
        if (filter.author_name && filter.author_name != chunk.author_name) return false;
        if (filter.author_type && filter.author_type != chunk.author_type) return false;
        const std::optional<std::string>& title = chunk.header.scenario_title;
        if (filter.scenario_title && filter.scenario_title != title) return false;
        if (filter.conversation_id && filter.conversation_id != chunk.conversation_id) return false;
        if (!filter.date_from && !filter.date_to) return true;
        return std::ranges::any_of(chunk.message_times, [&filter](Timestamp time) {
            return (!filter.date_from || *filter.date_from <= time) &&
                   (!filter.date_to || time <= *filter.date_to);
        });
    }

private:
    std::vector<IndexedChunk> chunks_;
};

}  // namespace rag::sqlite
