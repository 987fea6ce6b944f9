#include "index_state.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "simd/search_kernels.hpp"
#include "varint.hpp"

namespace rag::sqlite {
namespace {

constexpr std::size_t kWordsPerBlock = kBlockRows / 64;

/// Vocabularies of models end far below this; what is beyond is not a piece id.
constexpr std::int32_t kPieceIdMax = 1 << 22;

std::uint16_t to_u16(std::uint32_t value) {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(value, 0xFFFF));
}

void set_bit(std::vector<std::uint64_t>& words, Row row) {
    words[row / 64] |= std::uint64_t{1} << (row % 64);
}

void clear_bit(std::vector<std::uint64_t>& words, Row row) {
    words[row / 64] &= ~(std::uint64_t{1} << (row % 64));
}

using TermCounts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // Term id, count.

/// As `RowInfo::terms` has them.
std::vector<std::uint8_t> encode(TermCounts counts) {
    std::sort(counts.begin(), counts.end());
    std::vector<std::uint8_t> bytes;
    std::uint32_t last = 0;
    for (const auto& [id, count] : counts) {
        put_varint(bytes, id - last);
        put_varint(bytes, count);
        last = id;
    }
    return bytes;
}

bool is_usable(std::span<const float> vector) {
    return std::all_of(vector.begin(), vector.end(), [](float value) {
        return std::isfinite(value);
    });
}

}  // namespace

struct IndexState::NewRow {
    RowInfo info{};
    ConversationId conversation;
    std::span<const std::uint8_t> terms;
    std::span<const std::uint8_t> unique_pieces;
    std::span<const std::uint8_t> piece_bits;
    std::span<const float> vector;  // Empty: none.
};

IndexState::IndexState(std::size_t dimension)
    : dimension_(dimension),
      vectors_(pages_, simd::padded_dimension(dimension)),
      upper_(pages_, simd::nibble_bytes(dimension)),
      lower_(pages_, simd::nibble_bytes(dimension)) {}

void IndexState::stage(const IndexedChunk& chunk) {
    NewRow row;
    row.conversation = chunk.conversation_id;
    row.info.chunk_id = chunk.chunk_id;
    row.info.order_index = chunk.order_index;
    row.info.length = chunk.length;
    row.info.traits = chunk.traits;
    row.info.has_time = chunk.timestamp.has_value();
    if (chunk.timestamp) row.info.time = *chunk.timestamp;

    TermCounts counts;
    for (const Term& term : chunk.terms) counts.emplace_back(intern_term(term.text), term.count);
    row.info.term_count = static_cast<std::uint32_t>(counts.size());
    const std::vector<std::uint8_t> terms = encode(std::move(counts));
    row.terms = terms;

    const PieceBits& pieces = chunk.embedding.pieces;
    std::vector<std::int32_t> unique = pieces.unique_ids;
    std::erase_if(unique, [](std::int32_t id) { return id < 0 || id >= kPieceIdMax; });
    std::sort(unique.begin(), unique.end());
    std::vector<std::uint8_t> unique_bytes;
    std::int32_t last_piece = 0;
    for (const std::int32_t id : unique) {
        put_varint(unique_bytes, static_cast<std::uint32_t>(id - last_piece));
        last_piece = id;
    }
    row.unique_pieces = unique_bytes;
    row.info.unique_piece_count = static_cast<std::uint32_t>(unique.size());

    if (piece_dimension_ == 0) piece_dimension_ = pieces.dimension;
    if (pieces.dimension != 0 && pieces.dimension == piece_dimension_) {
        row.piece_bits = pieces.bits;
        row.info.piece_count =
            static_cast<std::uint32_t>(pieces.bits.size() / (pieces.dimension / 8));
    }
    const std::vector<float>& vector = chunk.embedding.vector;
    if (dimension_ == 0 && !vector.empty()) {
        dimension_ = vector.size();
        vectors_ = RowColumn<float>(pages_, simd::padded_dimension(dimension_));
        upper_ = RowColumn<std::uint8_t>(pages_, simd::nibble_bytes(dimension_));
        lower_ = RowColumn<std::uint8_t>(pages_, simd::nibble_bytes(dimension_));
    }
    if (dimension_ != 0 && vector.size() == dimension_ && is_usable(vector)) row.vector = vector;
    filter_columns_.set(add_row(row), chunk);
}

void IndexState::stage_copy(const IndexState& other, Row from) {
    const RowInfo& info = other.info_[from];
    NewRow row;
    row.info = info;
    row.conversation = other.conversations_[info.conversation].id;

    TermCounts counts;
    const std::uint8_t* next = info.terms;
    for (std::uint32_t i = 0, id = 0; i < info.term_count; ++i) {
        id += get_varint(next);
        counts.emplace_back(intern_term(*other.terms_[id].text), get_varint(next));
    }
    const std::vector<std::uint8_t> terms = encode(std::move(counts));
    row.terms = terms;

    next = info.unique_pieces;
    for (std::uint32_t i = 0; i < info.unique_piece_count; ++i) get_varint(next);
    row.unique_pieces = std::span(info.unique_pieces, next);
    piece_dimension_ = other.piece_dimension_;
    row.piece_bits = std::span(info.piece_bits, info.piece_count * (piece_dimension_ / 8));
    if (other.vector_flags_[from] != 0) row.vector = std::span(other.vectors_.at(from), dimension_);
    filter_columns_.copy(add_row(row), other.filter_columns_, from);
}

Row IndexState::add_row(const NewRow& from) {
    const auto row = static_cast<Row>(row_count_);
    const std::size_t rows = row_count_ + 1;
    info_.grow_to(rows);
    vector_flags_.grow_to(rows);
    if (dimension_ != 0) {
        vectors_.grow_to(rows);
        upper_.grow_to(rows);
        lower_.grow_to(rows);
    }
    scales_.grow_to(rows);
    coarse_errors_.grow_to(rows);
    fine_errors_.grow_to(rows);
    alive_.resize(info_.blocks() * kWordsPerBlock, 0);
    embedded_.resize(info_.blocks() * kWordsPerBlock, 0);
    block_errors_.resize(info_.blocks(), 0);

    RowInfo& info = info_[row];
    info = from.info;
    info.terms = arena_.append(from.terms.data(), from.terms.size());
    info.unique_pieces = arena_.append(from.unique_pieces.data(), from.unique_pieces.size());
    info.piece_bits = arena_.append(from.piece_bits.data(), from.piece_bits.size());
    if (!from.vector.empty()) set_vector(row, from.vector);
    staged_conversations_.push_back(from.conversation);
    ++row_count_;
    add_postings(row);
    return row;
}

void IndexState::set_vector(Row row, std::span<const float> vector) {
    std::copy(vector.begin(), vector.end(), vectors_.at(row));
    const simd::NibbleScale scale = simd::quantize_nibbles(vector, upper_.at(row), lower_.at(row));
    scales_[row] = scale.scale;
    coarse_errors_[row] = scale.coarse_error;
    fine_errors_[row] = scale.fine_error;
    float& most = block_errors_[row / kBlockRows];
    most = std::max(most, scale.coarse_error);
    double square = 0;
    for (const float value : vector) square += static_cast<double>(value) * value;
    norm_max_ = std::max(norm_max_, static_cast<float>(std::sqrt(square)) * 1.00001F);
    vector_flags_[row] = 1;
}

std::uint32_t IndexState::intern_term(std::string_view text) {
    TermIds& ids = term_ids_[shard_of(text)];
    if (const auto found = ids.find(text); found != ids.end()) return found->second;
    const auto id = static_cast<std::uint32_t>(terms_.size());
    const auto [place, added] = ids.emplace(std::string(text), id);
    assert(added);
    terms_.push_back(TermEntry{{}, 0, &place->first});
    term_bytes_ +=
        sizeof(TermEntry) + sizeof(std::string) + 48 + (text.size() > 15 ? text.size() : 0);
    return id;
}

void IndexState::intern_terms(std::span<const Term> terms) {
    for (const Term& term : terms) {
        std::vector<Posting>& postings = terms_[intern_term(term.text)].postings;
        if (postings.capacity() == 0) postings.reserve(1);
    }
}

void IndexState::add_postings(Row row) {
    const RowInfo& info = info_[row];
    const std::uint8_t* next = info.terms;
    for (std::uint32_t i = 0, id = 0; i < info.term_count; ++i) {
        id += get_varint(next);
        const std::uint32_t count = get_varint(next);
        terms_[id].postings.push_back({row, to_u16(count), to_u16(info.length)});
    }
}

void IndexState::count(Row row, int sign) {
    const RowInfo& info = info_[row];
    const auto add = static_cast<std::uint32_t>(sign);  // Modulo 2^32, so that -1 takes away.
    const std::uint8_t* next = info.terms;
    for (std::uint32_t i = 0, id = 0; i < info.term_count; ++i) {
        id += get_varint(next);
        get_varint(next);
        terms_[id].containing += add;
    }
    next = info.unique_pieces;
    for (std::uint32_t i = 0, id = 0; i < info.unique_piece_count; ++i) {
        id += get_varint(next);
        if (id >= piece_frequency_.size()) piece_frequency_.resize(id + 1, 0);
        piece_frequency_[id] += add;
    }
    length_sum_ += sign * static_cast<std::int64_t>(info.length);
    chunk_count_ += static_cast<std::size_t>(static_cast<std::ptrdiff_t>(sign));
    if (vector_flags_[row] != 0) {
        embedded_count_ += static_cast<std::size_t>(static_cast<std::ptrdiff_t>(sign));
    }
}

void IndexState::publish() {
    for (std::size_t i = 0; i < staged_conversations_.size(); ++i) {
        const auto row = static_cast<Row>(row_count_ - staged_conversations_.size() + i);
        const ConversationId id = staged_conversations_[i];
        const auto next = static_cast<std::uint32_t>(conversations_.size());
        const auto [place, added] = conversation_ids_.emplace(id.value, next);
        if (added) conversations_.push_back({id, {}});

        RowInfo& info = info_[row];
        info.conversation = place->second;
        std::vector<Row>& rows = conversations_[place->second].rows;
        const auto after = std::upper_bound(
            rows.begin(),
            rows.end(),
            info.order_index,
            [this](std::int32_t order, Row other) { return order < info_[other].order_index; }
        );
        const auto first_moved = static_cast<std::size_t>(after - rows.begin());
        rows.insert(after, row);
        for (std::size_t moved = first_moved; moved < rows.size(); ++moved) {
            info_[rows[moved]].place = static_cast<std::uint32_t>(moved);
        }
        set_bit(alive_, row);
        if (vector_flags_[row] != 0) set_bit(embedded_, row);
        count(row, 1);
    }
    staged_conversations_.clear();
    published_rows_ = row_count_;
}

void IndexState::remove(ConversationId id) {
    const auto found = conversation_ids_.find(id.value);
    if (found == conversation_ids_.end()) return;
    for (const Row row : conversations_[found->second].rows) {
        count(row, -1);
        clear_bit(alive_, row);
        clear_bit(embedded_, row);
    }
    conversations_[found->second].rows = {};
    conversation_ids_.erase(found);
}

float IndexState::mean_length() const {
    if (length_sum_ <= 0 || chunk_count_ == 0) return 1;
    return static_cast<float>(static_cast<double>(length_sum_) / static_cast<double>(chunk_count_));
}

const TermEntry* IndexState::find_term(std::string_view text, std::uint32_t& id) const {
    const TermIds& ids = term_ids_[shard_of(text)];
    const auto found = ids.find(text);
    if (found == ids.end() || terms_[found->second].containing == 0) return nullptr;
    id = found->second;
    return &terms_[id];
}

std::uint32_t IndexState::piece_frequency(std::int32_t id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= piece_frequency_.size()) return 0;
    return piece_frequency_[static_cast<std::size_t>(id)];
}

std::uint32_t IndexState::find_conversation(ConversationId id) const {
    const auto found = conversation_ids_.find(id.value);
    return found == conversation_ids_.end() ? kNone : found->second;
}

void IndexState::find_allowed(const Filter& filter, std::vector<std::uint64_t>& words) const {
    words = alive_;
    if (filter.conversation_id) {
        std::fill(words.begin(), words.end(), 0);
        const std::uint32_t index = find_conversation(*filter.conversation_id);
        if (index == kNone) return;
        for (const Row row : conversations_[index].rows) set_bit(words, row);
    }
    filter_columns_.narrow(filter, words);
}

std::vector<IndexedValue> IndexState::values(FilterText text) const {
    std::vector<IndexedValue> values;
    for (const Row row : filter_columns_.rows_of_values(text, alive_, kNearestOfMax)) {
        values.push_back({filter_columns_.text(text, row), info_[row].chunk_id});
    }
    return values;
}

Row IndexState::neighbour(Row row, int distance) const {
    // Nearly always the next row is the one: what is written together lies together.
    const std::int64_t near = std::int64_t{row} + distance;
    if (near >= 0 && near < static_cast<std::int64_t>(published_rows_)) {
        const RowInfo& own = info_[row];
        const RowInfo& other = info_[static_cast<std::size_t>(near)];
        const bool follows = std::int64_t{other.place} == std::int64_t{own.place} + distance;
        if (follows && other.conversation == own.conversation) return static_cast<Row>(near);
    }
    const std::vector<Row>& rows = conversation_of(row).rows;
    const std::int64_t place = std::int64_t{info_[row].place} + distance;
    if (place < 0 || place >= static_cast<std::int64_t>(rows.size())) return kNone;
    return rows[static_cast<std::size_t>(place)];
}

std::size_t IndexState::memory_bytes() const {
    std::size_t bytes = pages_.memory_bytes();
    bytes += filter_columns_.memory_bytes() + term_bytes_;
    for (const TermEntry& term : terms_) bytes += term.postings.capacity() * sizeof(Posting);
    bytes += piece_frequency_.capacity() * sizeof(std::uint32_t);
    bytes += (alive_.capacity() + embedded_.capacity()) * sizeof(std::uint64_t);
    for (const ConversationRows& conversation : conversations_) {
        bytes += sizeof(conversation) + 32 + conversation.rows.capacity() * sizeof(Row);
    }
    return bytes;
}

}  // namespace rag::sqlite
