#include "dense_pass.hpp"

#include <algorithm>
#include <limits>

namespace rag::sqlite {

DensePass::DensePass(
    const IndexState& state, std::span<const float> embedding, SearchScratch& scratch
)
    : state_(state),
      scanned_(scratch.dense_scores),
      allowed_(scratch.allowed_embedded),
      slots_(scratch.dense_rows),
      query_(embedding.begin(), embedding.end()),
      query_words_(simd::quantize_words(embedding)) {
    query_.resize(simd::padded_dimension(embedding.size()), 0);
    slots_.reset(state.row_count());
    scan();
}

void DensePass::scan() {
    scanned_.resize(state_.alive_words().size() * 64);
    for (std::size_t block = 0; block < state_.bytes().blocks(); ++block) {
        const simd::ByteRows rows{
            state_.bytes().block(block), state_.byte_scales().block(block), kBlockRows};
        simd::scan_bytes(query_words_, rows, scanned_.data() + block * kBlockRows);
    }
}

void DensePass::compute(std::span<const Row> rows) {
    std::vector<const float*> vectors;
    std::vector<std::uint32_t> slots;
    for (const Row row : rows) {
        if (slots_.find(row) != kNone) continue;
        slots.push_back(slots_.slot(row));
        vectors.push_back(state_.vectors().at(row));
    }
    cosines_.resize(slots_.rows().size());
    std::vector<float> dots(vectors.size());
    simd::dot_rows(query_, vectors, dots.data());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        cosines_[slots[i]] = std::clamp(dots[i], -1.0F, 1.0F);
    }
}

std::vector<Row> DensePass::doubtful(std::span<const std::uint64_t> allowed, float least) const {
    constexpr std::size_t kWordsPerBlock = kBlockRows / 64;
    std::vector<Row> rows;
    for (std::size_t word = 0; word < allowed.size(); word += kWordsPerBlock) {
        const float block_error = simd::scan_error(
            query_words_, state_.byte_error_max(word / kWordsPerBlock), state_.norm_max()
        );
        std::vector<std::uint32_t> found;
        const simd::ScoreRange range{scanned_.data(), allowed.data(), word, word + kWordsPerBlock};
        simd::find_at_least(range, least - block_error, kBlockRows + 64, found);
        for (const std::uint32_t row : found) {
            if (scanned_[row] + error(row) >= least) rows.push_back(row);
        }
    }
    return rows;
}

std::vector<ScoredRow> DensePass::best(std::span<const std::uint64_t> allowed, std::size_t count) {
    const std::span<const std::uint64_t> embedded = state_.embedded_words();
    allowed_.resize(allowed.size());
    for (std::size_t word = 0; word < allowed.size(); ++word) {
        allowed_[word] = allowed[word] & embedded[word];
    }
    constexpr float kLowest = -std::numeric_limits<float>::infinity();
    const std::vector<ScoredRow> guessed = best_rows(scanned_.data(), allowed_, count, kLowest);
    std::vector<Row> rows;
    for (const ScoredRow& guess : guessed) rows.push_back(guess.row);
    compute(rows);
    if (guessed.size() == count && count > 0) {
        // So many rows reach the worst of these; only what may reach it too can be among the best.
        float least = 1;
        for (const Row row : rows) least = std::min(least, cosines_[slots_.find(row)]);
        rows = doubtful(allowed_, least);
        compute(rows);
    }
    std::vector<ScoredRow> best;
    for (const Row row : rows) best.push_back({row, cosines_[slots_.find(row)]});
    std::sort(best.begin(), best.end(), is_better);
    if (best.size() > count) best.resize(count);
    return best;
}

float DensePass::cosine(Row row) {
    if (!state_.has_vector(row)) return 0;
    if (slots_.find(row) == kNone) compute(std::span(&row, 1));
    return cosines_[slots_.find(row)];
}

float DensePass::conversation_best(std::uint32_t conversation) {
    const std::vector<Row>& rows = state_.conversation(conversation).rows;
    float reached = -std::numeric_limits<float>::infinity();
    for (const Row row : rows) {
        if (state_.has_vector(row)) reached = std::max(reached, scanned_[row] - error(row));
    }
    wanted_.clear();
    for (const Row row : rows) {
        if (state_.has_vector(row) && scanned_[row] + error(row) >= reached) wanted_.push_back(row);
    }
    if (wanted_.empty()) return 0;
    compute(wanted_);
    float best = -1;
    for (const Row row : wanted_) best = std::max(best, cosines_[slots_.find(row)]);
    return best;
}

}  // namespace rag::sqlite
