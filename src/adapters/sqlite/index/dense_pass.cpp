#include "dense_pass.hpp"

#include <algorithm>
#include <limits>

namespace rag::sqlite {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();
constexpr std::size_t kWordsPerBlock = kBlockRows / 64;
constexpr std::size_t kWordsPerPart = 8 * kWordsPerBlock;  // 8,192 rows: some 50 microseconds.

}  // namespace

DensePass::DensePass(
    const IndexState& state,
    std::span<const float> embedding,
    std::span<const std::uint64_t> allowed,
    SearchScratch& scratch
)
    : state_(state),
      scores_(scratch.dense_scores),
      allowed_(scratch.allowed_embedded),
      slots_(scratch.dense_rows),
      query_(embedding.begin(), embedding.end()),
      nibbles_(simd::quantize_query(embedding)),
      bound_(simd::score_bound(nibbles_, state.norm_max())) {
    query_.resize(simd::padded_dimension(embedding.size()), 0);
    slots_.reset(state.row_count());
    allowed_.resize(allowed.size());
    for (std::size_t word = 0; word < allowed.size(); ++word) {
        allowed_[word] = allowed[word] & state.embedded_words()[word];
    }
    scores_.resize(allowed_.size() * 64);
}

std::size_t DensePass::scan_parts() const {
    return (allowed_.size() + kWordsPerPart - 1) / kWordsPerPart;
}

void DensePass::scan(std::size_t part) {
    const std::size_t last_word = std::min(allowed_.size(), (part + 1) * kWordsPerPart);
    for (std::size_t word = part * kWordsPerPart; word < last_word;) {
        // Runs of words with an allowed row, within a block: what a filter keeps out is not read.
        if (allowed_[word] == 0) {
            ++word;
            continue;
        }
        std::size_t end = word + 1;
        while (end % kWordsPerBlock != 0 && allowed_[end] != 0) ++end;
        const std::size_t row = word * 64;
        const simd::UpperPlanes rows{
            state_.upper_planes().at(row), state_.scales().at(row), (end - word) * 64};
        simd::scan_upper(nibbles_, rows, scores_.data() + row);
        word = end;
    }
}

DensePass::Bounds DensePass::bounds(Row row) const {
    if (const std::uint32_t slot = slots_.find(row); slot != kNone) {
        return {cosines_[slot], cosines_[slot]};
    }
    if (!is_scanned(row)) return {kLowest, -kLowest};
    const float bound = bound_.of(state_.coarse_errors()[row]);
    return {scores_[row] - bound, scores_[row] + bound};
}

void DensePass::compute(std::span<const Row> rows) {
    std::vector<const float*> vectors;
    std::vector<std::uint32_t> slots;
    for (const Row row : rows) {
        if (slots_.find(row) != kNone || !state_.has_vector(row)) continue;
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

void DensePass::narrow(std::vector<Row>& rows, float least, bool raise, Fine& fine) const {
    fine.planes.clear();
    fine.scores.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row row = rows[i];
        fine.planes.push_back({state_.lower_planes().at(row), state_.scales()[row]});
        fine.scores[i] = scores_[row];
        if (is_scanned(row)) continue;
        const simd::UpperPlanes one{state_.upper_planes().at(row), state_.scales().at(row), 1};
        simd::scan_upper(nibbles_, one, &fine.scores[i]);
    }
    simd::add_lower(nibbles_, fine.planes, fine.scores.data());
    const auto bound = [this](Row row) { return bound_.of(state_.fine_errors()[row]); };
    for (std::size_t i = 0; raise && i < rows.size(); ++i) {
        least = std::max(least, fine.scores[i] - bound(rows[i]));
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (fine.scores[i] + bound(rows[i]) >= least) rows[kept++] = rows[i];
    }
    rows.resize(kept);
}

std::vector<Row> DensePass::doubtful(std::size_t first_word, std::size_t last_word, float least)
    const {
    std::vector<Row> rows;
    std::vector<std::uint32_t> found;
    for (std::size_t word = first_word; word < last_word; word += kWordsPerBlock) {
        const float bound = bound_.of(state_.coarse_error_max(word / kWordsPerBlock));
        found.clear();
        const simd::ScoreRange range{scores_.data(), allowed_.data(), word, word + kWordsPerBlock};
        simd::find_at_least(range, least - bound, kBlockRows + 64, found);
        for (const std::uint32_t row : found) {
            if (scores_[row] + bound_.of(state_.coarse_errors()[row]) >= least) rows.push_back(row);
        }
    }
    return rows;
}

void DensePass::begin_best(std::size_t count) {
    count_ = count;
    // Somewhat more than wanted, for the scan's order is not quite right.
    const std::size_t guesses = count + count / 2;
    std::vector<Row> rows;
    for (const ScoredRow& guess : best_rows(scores_.data(), allowed_, guesses, kLowest)) {
        rows.push_back(guess.row);
    }
    best_ = scored(rows);
    // So many rows reach the score of the last one wanted; only what may reach it too can be among
    // the best. With fewer rows than that there is no doubt.
    is_sifted_ = rows.size() == guesses && count > 0;
    sifted_.resize(is_sifted_ ? scan_parts() : 0);
}

void DensePass::sift(std::size_t part) {
    if (!is_sifted_) return;
    const float least = best_[count_ - 1].score;
    const std::size_t last_word = std::min(allowed_.size(), (part + 1) * kWordsPerPart);
    sifted_[part] = doubtful(part * kWordsPerPart, last_word, least);
    Fine fine;
    narrow(sifted_[part], least, false, fine);
}

std::vector<ScoredRow> DensePass::best() {
    if (is_sifted_) {
        std::vector<Row> rows;
        for (const std::vector<Row>& part : sifted_) {
            rows.insert(rows.end(), part.begin(), part.end());
        }
        best_ = scored(rows);
    }
    if (best_.size() > count_) best_.resize(count_);
    return std::move(best_);
}

std::vector<ScoredRow> DensePass::scored(std::span<const Row> rows) {
    compute(rows);
    std::vector<ScoredRow> best;
    for (const Row row : rows) best.push_back({row, cosines_[slots_.find(row)]});
    std::sort(best.begin(), best.end(), is_better);
    return best;
}

float DensePass::cosine(Row row) {
    if (!state_.has_vector(row)) return 0;
    if (slots_.find(row) == kNone) compute(std::span(&row, 1));
    return cosines_[slots_.find(row)];
}

float DensePass::conversation_best(std::uint32_t conversation) {
    const std::vector<Row>& rows = state_.conversation(conversation).rows;
    float reached = kLowest, best = kLowest;
    for (const Row row : rows) {
        if (!state_.has_vector(row)) continue;
        reached = std::max(reached, bounds(row).low);
        if (slots_.find(row) != kNone) best = std::max(best, bounds(row).low);
    }
    wanted_.clear();
    for (const Row row : rows) {
        if (!state_.has_vector(row) || slots_.find(row) != kNone) continue;
        if (bounds(row).high >= reached) wanted_.push_back(row);
    }
    narrow(wanted_, reached, true, fine_);
    compute(wanted_);
    for (const Row row : wanted_) best = std::max(best, bounds(row).low);
    return best == kLowest ? 0 : best;
}

}  // namespace rag::sqlite
