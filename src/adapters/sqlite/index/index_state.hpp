#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chunk_index.hpp"
#include "filter_columns.hpp"
#include "row_column.hpp"
#include "text_column.hpp"

namespace rag::sqlite {

struct Posting {
    Row row;
    std::uint16_t count;
    std::uint16_t length;  // Of the chunk, so that scoring reads nothing else.
};

struct TermEntry {
    std::vector<Posting> postings;  // Rows ascending; those of removed chunks too.
    std::uint32_t containing = 0;   // Chunks that are there.
    const std::string* text = nullptr;
};

/// Columns that filters scan lie apart from this (filter_columns.hpp); the rest of a row is read
/// for candidates only.
struct RowInfo {
    ChunkId chunk_id;
    std::uint32_t conversation;  // Index into `IndexState::conversations`.
    std::uint32_t place;         // Index into its rows.
    std::int32_t order_index;
    std::uint32_t length;
    ChunkTraits traits;
    Timestamp time;
    bool has_time;
    std::uint32_t piece_count;  // Content pieces.
    std::uint32_t term_count;
    std::uint32_t unique_piece_count;
    const std::uint8_t* piece_bits;     // Sign bits, piece after piece.
    const std::uint8_t* terms;          // Varints: term id less the last one, count.
    const std::uint8_t* unique_pieces;  // Varints: piece id less the last one.
};

struct ConversationRows {
    ConversationId id;
    std::vector<Row> rows;  // In the order of `order_index`; empty: removed.
};

/// The index's data and how they change; no lock in here. New rows are staged first, some at a
/// time, and take part in nothing until they are published together.
class IndexState {
public:
    explicit IndexState(std::size_t dimension);

    void stage(const IndexedChunk& chunk);
    /// Takes in what `stage` would find new in these terms, which nothing finds before.
    void intern_terms(std::span<const Term> terms);
    void publish();
    void remove(ConversationId id);

    /// Room without the rows that were removed: stages one that is there in `other`.
    void stage_copy(const IndexState& other, Row row);

    bool alive(Row row) const { return alive_[row / 64] >> (row % 64) & 1; }
    bool has_vector(Row row) const { return embedded_[row / 64] >> (row % 64) & 1; }

    std::size_t row_count() const { return row_count_; }  // Removed and staged ones too.
    std::size_t chunk_count() const { return chunk_count_; }
    std::size_t embedded_count() const { return embedded_count_; }
    std::size_t conversation_count() const { return conversation_ids_.size(); }
    std::size_t removed_count() const { return published_rows_ - chunk_count_; }
    std::size_t term_count() const { return terms_.size(); }
    std::size_t dimension() const { return dimension_; }
    std::size_t piece_dimension() const { return piece_dimension_; }
    float mean_length() const;
    std::size_t memory_bytes() const;

    /// nullptr: no such term in any chunk.
    const TermEntry* find_term(std::string_view text, std::uint32_t& id) const;
    std::uint32_t piece_frequency(std::int32_t id) const;
    /// kNone: not there.
    std::uint32_t find_conversation(ConversationId id) const;

    const RowInfo& info(Row row) const { return info_[row]; }
    const ConversationRows& conversation(std::uint32_t index) const {
        return conversations_[index];
    }
    const ConversationRows& conversation_of(Row row) const {
        return conversations_[info_[row].conversation];
    }
    /// The row `distance` after it in its conversation (before, if negative); kNone: none.
    Row neighbour(Row row, int distance) const;

    /// A bit for each row: set where the chunk is there and passes the filter.
    void find_allowed(const Filter& filter, std::vector<std::uint64_t>& words) const;
    /// Values that rows which are there have of a text, each with one of them.
    std::vector<IndexedValue> values(FilterText text) const;
    /// "" where there is none; stays where it is as long as the row.
    const std::string& author_name(Row row) const { return filter_columns_.author_name(row); }

    // For scans.
    std::span<const std::uint64_t> alive_words() const { return alive_; }
    std::span<const std::uint64_t> embedded_words() const { return embedded_; }
    const RowColumn<float>& vectors() const { return vectors_; }
    const RowColumn<std::uint8_t>& upper_planes() const { return upper_; }
    const RowColumn<std::uint8_t>& lower_planes() const { return lower_; }
    const RowColumn<float>& scales() const { return scales_; }
    const RowColumn<float>& coarse_errors() const { return coarse_errors_; }
    const RowColumn<float>& fine_errors() const { return fine_errors_; }
    /// Largest of a block's.
    float coarse_error_max(std::size_t block) const { return block_errors_[block]; }
    float norm_max() const { return norm_max_; }

private:
    struct NewRow;  // What `stage` and `stage_copy` have in common.
    Row add_row(const NewRow& row);
    void set_vector(Row row, std::span<const float> vector);
    std::uint32_t intern_term(std::string_view text);
    void add_postings(Row row);
    void count(Row row, int sign);

    std::size_t dimension_;
    std::size_t piece_dimension_ = 0;
    std::size_t row_count_ = 0;
    std::size_t published_rows_ = 0;                    // Those after are staged,
    std::vector<ConversationId> staged_conversations_;  // one of these for each.
    std::size_t chunk_count_ = 0;
    std::size_t embedded_count_ = 0;
    std::int64_t length_sum_ = 0;
    float norm_max_ = 0;

    std::vector<std::uint64_t> alive_;     // A bit a row.
    std::vector<std::uint64_t> embedded_;  // Alive and with a vector.
    std::vector<float> block_errors_;      // Largest of `coarse_errors_` of a block.
    PageArena pages_;                      // Of the columns and runs below.
    RowColumn<RowInfo> info_{pages_};
    RowColumn<float> vectors_{pages_};
    RowColumn<std::uint8_t> upper_{pages_};
    RowColumn<std::uint8_t> lower_{pages_};
    RowColumn<float> scales_{pages_};
    RowColumn<float> coarse_errors_{pages_};
    RowColumn<float> fine_errors_{pages_};
    RowColumn<std::uint8_t> vector_flags_{pages_};  // 1: has a vector; for staged rows.
    FilterColumns filter_columns_{pages_};
    ByteArena arena_{pages_};

    // Neither moves many entries at once to grow, for nobody searches meanwhile.
    using TermIds = std::unordered_map<std::string, std::uint32_t, StringHash, std::equal_to<>>;
    static constexpr std::size_t kTermShards = 64;
    static std::size_t shard_of(std::string_view term) {
        return (StringHash{}(term) >> 32U) % kTermShards;
    }
    std::array<TermIds, kTermShards> term_ids_;
    std::deque<TermEntry> terms_;
    std::size_t term_bytes_ = 0;
    std::vector<std::uint32_t> piece_frequency_;  // By piece id.
    std::unordered_map<std::int64_t, std::uint32_t> conversation_ids_;
    std::vector<ConversationRows> conversations_;
};

}  // namespace rag::sqlite
