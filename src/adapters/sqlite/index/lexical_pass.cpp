#include "lexical_pass.hpp"

#include <algorithm>

#include "varint.hpp"

namespace rag::sqlite {
namespace {

constexpr std::uint32_t kTableCounts = 4;
constexpr std::uint32_t kTableLengths = 256;

}  // namespace

std::vector<LexicalPass::QueryTerm> LexicalPass::known_terms(
    const IndexState& state, const std::vector<std::string>& terms
) {
    std::vector<QueryTerm> known;
    for (const std::string& text : terms) {
        std::uint32_t id = 0;
        if (const TermEntry* entry = state.find_term(text, id)) known.push_back({id, entry});
    }
    return known;
}

std::vector<float> LexicalPass::weights_of(
    const IndexState& state, const std::vector<QueryTerm>& terms
) {
    std::vector<std::size_t> containing;
    for (const QueryTerm& term : terms) containing.push_back(term.entry->containing);
    return lexical::term_weights(state.chunk_count(), containing);
}

LexicalPass::LexicalPass(
    const IndexState& state, const std::vector<std::string>& terms, SearchScratch& scratch
)
    : state_(state),
      scores_(scratch.lexical_scores),
      slots_(scratch.lexical_rows),
      mean_length_(state.mean_length()),
      terms_(known_terms(state, terms)),
      window_(weights_of(state, terms_)) {
    by_id_.resize(terms_.size());
    for (std::uint32_t i = 0; i < terms_.size(); ++i) by_id_[i] = i;
    std::sort(by_id_.begin(), by_id_.end(), [this](std::uint32_t a, std::uint32_t b) {
        return terms_[a].id < terms_[b].id;
    });
    slots_.reset(state.row_count());
    scores_.assign(state.alive_words().size() * 64, 0);
}

float LexicalPass::share(std::uint32_t count, std::uint32_t length) const {
    if (count <= kTableCounts && length < kTableLengths && count > 0) {
        return shares_[length * kTableCounts + count - 1];
    }
    return lexical::bm25_share(static_cast<float>(count), static_cast<float>(length), mean_length_);
}

void LexicalPass::score_all() {
    shares_.resize(kTableCounts * kTableLengths);
    for (std::uint32_t length = 0; length < kTableLengths; ++length) {
        for (std::uint32_t count = 1; count <= kTableCounts; ++count) {
            shares_[length * kTableCounts + count - 1] = lexical::bm25_share(
                static_cast<float>(count), static_cast<float>(length), mean_length_
            );
        }
    }
    for (std::size_t term = 0; term < terms_.size(); ++term) {
        const float weight = weights()[term];
        for (const Posting& posting : terms_[term].entry->postings) {
            scores_[posting.row] += weight * share(posting.count, posting.length);
        }
    }
}

LexicalPass::Run LexicalPass::matches(Row row) {
    if (scores_[row] == 0) return {};
    const std::uint32_t slot = slots_.slot(row);
    if (slot >= runs_.size()) runs_.resize(slot + 1);
    if (!runs_[slot].is_known) runs_[slot] = {find_matches(row), true};
    return runs_[slot].run;
}

LexicalPass::Run LexicalPass::find_matches(Row row) {
    Run found{static_cast<std::uint32_t>(match_list_.size()), 0};
    const RowInfo& info = state_.info(row);
    const std::uint8_t* next = info.terms;
    auto wanted = by_id_.begin();
    for (std::uint32_t i = 0, id = 0; i < info.term_count && wanted != by_id_.end(); ++i) {
        id += get_varint(next);
        const std::uint32_t count = get_varint(next);
        while (wanted != by_id_.end() && terms_[*wanted].id < id) ++wanted;
        if (wanted == by_id_.end() || terms_[*wanted].id != id) continue;
        // Counts and lengths end where those of postings do, so both ways give one value.
        const std::uint32_t count16 = std::min<std::uint32_t>(count, 0xFFFF);
        const std::uint32_t length16 = std::min<std::uint32_t>(info.length, 0xFFFF);
        match_list_.push_back({*wanted, share(count16, length16)});
    }
    found.count = static_cast<std::uint32_t>(match_list_.size()) - found.first;
    return found;
}

float LexicalPass::window(Row row) {
    for (int distance = -lexical::kWindow; distance <= lexical::kWindow; ++distance) {
        const Row near = state_.neighbour(row, distance);
        if (near == kNone) continue;
        const Run run = matches(near);
        window_.add(distance, std::span(match_list_).subspan(run.first, run.count));
    }
    return window_.take();
}

float LexicalPass::window_bound(std::span<const Row> rows, std::size_t place) const {
    float bound = scores_[rows[place]];
    constexpr auto& kFades = lexical::WindowScore::kFades;
    for (std::size_t distance = 1; distance < kFades.size(); ++distance) {
        if (place >= distance) bound += kFades[distance] * scores_[rows[place - distance]];
        if (place + distance < rows.size()) {
            bound += kFades[distance] * scores_[rows[place + distance]];
        }
    }
    return bound * 1.0001F;  // Sums are rounded.
}

float LexicalPass::conversation_best(std::uint32_t conversation) {
    const std::span<const Row> rows = state_.conversation(conversation).rows;
    const auto first = std::max_element(rows.begin(), rows.end(), [this](Row a, Row b) {
        return scores_[a] < scores_[b];
    });
    if (first == rows.end()) return 0;
    float best = window(*first);
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (rows[place] == *first) continue;
        if (window_bound(rows, place) > best) best = std::max(best, window(rows[place]));
    }
    return best;
}

}  // namespace rag::sqlite
