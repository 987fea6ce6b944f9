#include "candidate_search.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "best_rows.hpp"
#include "dense_pass.hpp"
#include "filter_bitmap.hpp"
#include "lexical_pass.hpp"
#include "simd/search_kernels.hpp"

namespace rag::sqlite {
namespace {

/// A row that was chosen, and why.
struct Chosen {
    Row row;
    bool in_pool = false;
    std::int32_t lexical_rank = 0;
    std::int32_t dense_rank = 0;
};

class CandidateSearch {
public:
    CandidateSearch(
        const IndexState& state, const ChunkQuery& query, SearchScratch& scratch, ScanCrew& crew
    )
        : state_(state), query_(query), scratch_(scratch), crew_(crew) {
        const bool with_vector = query.mode != SearchMode::lexical && !query.embedding.empty() &&
                                 query.embedding.size() == state.dimension();
        filter_bitmap(state, query.filter, scratch.allowed);
        scratch.candidate_rows.reset(state.row_count());
        if (query.mode != SearchMode::dense) lexical_.emplace(state, query.terms, scratch);
        if (with_vector) dense_.emplace(state, query.embedding, scratch.allowed, scratch);
    }

    CandidateSet run() {
        score();
        choose();
        fill_candidates();
        if (query_.mode == SearchMode::hybrid) match_pieces();
        set_.piece_count = query_.pieces.ids.size();
        set_.chunk_total = state_.chunk_count();
        for (const std::int32_t id : query_.pieces.ids) {
            set_.piece_frequency.push_back(state_.piece_frequency(id));
        }
        return std::move(set_);
    }

private:
    Chosen& chosen(Row row) {
        const std::uint32_t slot = scratch_.candidate_rows.slot(row);
        if (slot == chosen_.size()) chosen_.push_back({row});
        return chosen_[slot];
    }

    /// All chunks, by words and by vector.
    void score() {
        const std::size_t words = lexical_ ? 1 : 0;  // First, for it takes longer than a scan.
        const std::size_t scans = dense_ ? dense_->scan_parts() : 0;
        crew_.run(words + scans, [this, words](std::size_t part) {
            part < words ? lexical_->score_all() : dense_->scan(part - words);
        });
    }

    bool is_allowed(Row row) const {
        return row != kNone && (scratch_.allowed[row / 64] >> (row % 64) & 1) != 0;
    }

    void choose() {
        const std::size_t wanted = query_.pool_size + query_.tail_size;
        if (lexical_) {
            constexpr float kAnyMatch = std::numeric_limits<float>::denorm_min();
            const auto best = best_rows(lexical_->scores(), scratch_.allowed, wanted, kAnyMatch);
            take(best, &Chosen::lexical_rank);
        }
        if (dense_) take(dense_->best(wanted), &Chosen::dense_rank);
        take_neighbours();
    }

    void take(const std::vector<ScoredRow>& best, std::int32_t Chosen::*rank) {
        for (std::size_t i = 0; i < best.size(); ++i) {
            Chosen& candidate = chosen(best[i].row);
            candidate.*rank = static_cast<std::int32_t>(i + 1);
            if (i < query_.pool_size) candidate.in_pool = true;
        }
    }

    /// An answer often stands beside the words of the question. The pool's only.
    void take_neighbours() {
        const std::vector<Chosen> before = chosen_;
        for (const Chosen& candidate : before) {
            if (!candidate.in_pool) continue;
            for (const int distance : {-1, 1}) {
                const Row near = state_.neighbour(candidate.row, distance);
                if (is_allowed(near)) chosen(near).in_pool = true;
            }
        }
    }

    void fill_candidates() {
        std::sort(chosen_.begin(), chosen_.end(), [this](const Chosen& a, const Chosen& b) {
            return place_of(a.row) < place_of(b.row);
        });
        if (dense_) {
            std::vector<Row> rows;
            for (const Chosen& candidate : chosen_) rows.push_back(candidate.row);
            dense_->compute(rows);
        }
        set_.candidates.reserve(chosen_.size());
        std::unordered_map<std::uint32_t, std::uint32_t> authors;  // Index's number -> set's.
        std::uint32_t conversation = kNone;
        float bm25_best = 0, cosine_best = 0;
        for (const Chosen& from : chosen_) {
            const RowInfo& info = state_.info(from.row);
            if (info.conversation != conversation) {
                conversation = info.conversation;
                bm25_best = lexical_ ? lexical_->conversation_best(conversation) : 0;
                cosine_best = dense_ ? dense_->conversation_best(conversation) : 0;
            }
            Candidate candidate = describe(from);
            candidate.bm25_conversation = bm25_best;
            candidate.cosine_conversation = cosine_best;
            const std::uint32_t author = state_.authors()[from.row];
            const auto next = static_cast<std::uint32_t>(set_.authors.size());
            const auto [place, added] = authors.emplace(author, next);
            if (added) set_.authors.push_back(state_.author_names().text(author));
            candidate.author = place->second;
            set_.candidates.push_back(candidate);
        }
    }

    std::pair<std::int64_t, std::uint32_t> place_of(Row row) const {
        return {state_.conversation_of(row).id.value, state_.info(row).place};
    }

    Candidate describe(const Chosen& from) {
        const RowInfo& info = state_.info(from.row);
        Candidate candidate;
        candidate.chunk_id = info.chunk_id;
        candidate.conversation_id = state_.conversation_of(from.row).id;
        candidate.order_index = info.order_index;
        if (info.has_day) candidate.day = info.day;
        candidate.traits = info.traits;
        candidate.in_pool = from.in_pool;
        candidate.lexical_rank = from.lexical_rank;
        candidate.dense_rank = from.dense_rank;
        const Row before = state_.neighbour(from.row, -1);
        candidate.question_before = before != kNone && state_.info(before).traits.has_question_mark;
        if (lexical_) {
            candidate.bm25 = lexical_->score(from.row);
            candidate.bm25_window = lexical_->window(from.row);
            if (candidate.question_before) candidate.bm25_question = lexical_->score(before);
        }
        if (dense_) candidate.cosine = dense_->cosine(from.row);
        return candidate;
    }

    /// Token matches of the pool's candidates and of the chunks around them, each chunk once.
    void match_pieces() {
        const QueryPieces& pieces = query_.pieces;
        if (pieces.ids.empty() || pieces.dimension != state_.piece_dimension()) return;
        RowSlots& slots = scratch_.piece_rows;
        slots.reset(state_.row_count());
        for (std::size_t i = 0; i < chosen_.size(); ++i) {
            if (!chosen_[i].in_pool) continue;
            auto& window = set_.candidates[i].window;
            for (std::size_t place = 0; place < window.size(); ++place) {
                const Row near = state_.neighbour(chosen_[i].row, static_cast<int>(place) - 2);
                if (near == kNone || state_.info(near).piece_count == 0) continue;
                window[place] = static_cast<std::int32_t>(slots.slot(near));
            }
        }
        std::vector<simd::PieceTables::Text> texts;
        for (const Row row : slots.rows()) {
            const RowInfo& info = state_.info(row);
            texts.push_back({info.piece_bits, info.piece_count});
            set_.row_pieces.push_back(info.piece_count);
        }
        const simd::PieceTables tables(pieces.vectors, pieces.dimension);
        std::vector<float> best(texts.size() * tables.padded_pieces());
        // Of 18 pieces on average: some 60 microseconds.
        constexpr std::size_t kTextsPerPart = 128;
        const std::size_t parts = (texts.size() + kTextsPerPart - 1) / kTextsPerPart;
        crew_.run(parts, [&](std::size_t part) {
            const std::size_t first = part * kTextsPerPart;
            const std::size_t count = std::min(kTextsPerPart, texts.size() - first);
            tables.best_matches(
                std::span(texts).subspan(first, count), &best[first * tables.padded_pieces()]
            );
        });
        set_.piece_match.resize(texts.size() * pieces.ids.size());
        for (std::size_t row = 0; row < texts.size(); ++row) {
            std::copy_n(
                &best[row * tables.padded_pieces()],
                pieces.ids.size(),
                &set_.piece_match[row * pieces.ids.size()]
            );
        }
    }

    const IndexState& state_;
    const ChunkQuery& query_;
    SearchScratch& scratch_;
    ScanCrew& crew_;
    std::optional<LexicalPass> lexical_;
    std::optional<DensePass> dense_;
    std::vector<Chosen> chosen_;
    CandidateSet set_;
};

}  // namespace

CandidateSet search_candidates(
    const IndexState& state, const ChunkQuery& query, SearchScratch& scratch, ScanCrew& crew
) {
    return CandidateSearch(state, query, scratch, crew).run();
}

}  // namespace rag::sqlite
