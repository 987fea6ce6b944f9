#include "candidate_search.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "best_rows.hpp"
#include "dense_pass.hpp"
#include "filter_bitmap.hpp"
#include "lexical_pass.hpp"
#include "simd/piece_tables.hpp"

namespace rag::sqlite {
namespace {

/// A row that was chosen, and why.
struct Chosen {
    Row row;
    bool in_pool = false;
    std::int32_t lexical_rank = 0;
    std::int32_t dense_rank = 0;
    // Where it stands, for sorting.
    ConversationId conversation_id{};
    std::uint32_t place = 0;

    friend bool operator<(const Chosen& a, const Chosen& b) {
        return std::pair(a.conversation_id.value, a.place) <
               std::pair(b.conversation_id.value, b.place);
    }
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
        describe();
        add_signals();
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

    bool matches_pieces() const {
        const QueryPieces& pieces = query_.pieces;
        return query_.mode == SearchMode::hybrid && !pieces.ids.empty() &&
               pieces.dimension == state_.piece_dimension();
    }

    void choose() {
        const std::size_t wanted = query_.pool_size + query_.tail_size;
        std::vector<ScoredRow> words;
        const std::array<std::function<void()>, 3> parts{
            [&] {
                if (dense_) dense_->begin_best(wanted);
            },
            [&] {
                constexpr float kAnyMatch = std::numeric_limits<float>::denorm_min();
                if (lexical_) {
                    words = best_rows(lexical_->scores(), scratch_.allowed, wanted, kAnyMatch);
                }
            },
            [&] {
                const QueryPieces& pieces = query_.pieces;
                if (matches_pieces()) tables_.emplace(pieces.vectors, pieces.dimension);
            }};
        crew_.run(parts.size(), [&parts](std::size_t part) { parts[part](); });
        take(words, &Chosen::lexical_rank);
        if (dense_) {
            crew_.run(dense_->scan_parts(), [this](std::size_t part) { dense_->sift(part); });
            take(dense_->best(), &Chosen::dense_rank);
        }
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

    /// What is known without reading texts' terms, vectors or pieces.
    void describe() {
        for (Chosen& candidate : chosen_) {
            candidate.conversation_id = state_.conversation_of(candidate.row).id;
            candidate.place = state_.info(candidate.row).place;
        }
        std::sort(chosen_.begin(), chosen_.end());
        set_.candidates.reserve(chosen_.size());
        std::unordered_map<std::uint32_t, std::uint32_t> authors;  // Index's number -> set's.
        for (const Chosen& from : chosen_) {
            Candidate& candidate = set_.candidates.emplace_back(described(from));
            const std::uint32_t author = state_.authors()[from.row];
            const auto next = static_cast<std::uint32_t>(set_.authors.size());
            const auto [place, added] = authors.emplace(author, next);
            if (added) set_.authors.push_back(state_.author_names().text(author));
            candidate.author = place->second;
        }
        if (tables_) choose_windows();
    }

    Candidate described(const Chosen& from) const {
        const RowInfo& info = state_.info(from.row);
        Candidate candidate;
        candidate.chunk_id = info.chunk_id;
        candidate.conversation_id = from.conversation_id;
        candidate.order_index = info.order_index;
        if (info.has_day) candidate.day = info.day;
        candidate.traits = info.traits;
        candidate.in_pool = from.in_pool;
        candidate.lexical_rank = from.lexical_rank;
        candidate.dense_rank = from.dense_rank;
        const Row before = state_.neighbour(from.row, -1);
        candidate.question_before = before != kNone && state_.info(before).traits.has_question_mark;
        return candidate;
    }

    /// The pool's candidates and the chunks around them, each chunk once.
    void choose_windows() {
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
        for (const Row row : slots.rows()) {
            const RowInfo& info = state_.info(row);
            texts_.push_back({info.piece_bits, info.piece_count});
            set_.row_pieces.push_back(info.piece_count);
        }
        set_.piece_match.resize(texts_.size() * query_.pieces.ids.size());
    }

    /// Of all candidates, each kind by itself: they read and write nothing in common.
    void add_signals() {
        constexpr std::size_t kTextsPerPart = 128;  // Of 18 pieces: some 60 microseconds.
        const std::size_t parts = (texts_.size() + kTextsPerPart - 1) / kTextsPerPart;
        crew_.run(2 + parts, [&](std::size_t part) {
            if (part == 0) return add_cosines();
            if (part == 1) return add_words();
            const std::size_t first = (part - 2) * kTextsPerPart;
            match_pieces(first, std::min(kTextsPerPart, texts_.size() - first));
        });
    }

    /// Calls `work` for each candidate, and says whether its conversation is another than before.
    template <class Work>
    void for_each_candidate(const Work& work) {
        std::uint32_t conversation = kNone;
        for (std::size_t i = 0; i < chosen_.size(); ++i) {
            const std::uint32_t own = state_.info(chosen_[i].row).conversation;
            work(chosen_[i].row, set_.candidates[i], own != conversation);
            conversation = own;
        }
    }

    void add_cosines() {
        if (!dense_) return;
        std::vector<Row> rows;
        for (const Chosen& candidate : chosen_) rows.push_back(candidate.row);
        dense_->compute(rows);
        float best = 0;
        for_each_candidate([&](Row row, Candidate& candidate, bool other_conversation) {
            if (other_conversation) {
                best = dense_->conversation_best(state_.info(row).conversation);
            }
            candidate.cosine = dense_->cosine(row);
            candidate.cosine_conversation = best;
        });
    }

    void add_words() {
        if (!lexical_) return;
        float best = 0;
        for_each_candidate([&](Row row, Candidate& candidate, bool other_conversation) {
            if (other_conversation) {
                best = lexical_->conversation_best(state_.info(row).conversation);
            }
            candidate.bm25 = lexical_->score(row);
            candidate.bm25_window = lexical_->window(row);
            candidate.bm25_conversation = best;
            if (candidate.question_before) {
                candidate.bm25_question = lexical_->score(state_.neighbour(row, -1));
            }
        });
    }

    void match_pieces(std::size_t first, std::size_t count) {
        const std::size_t pieces = query_.pieces.ids.size();
        std::vector<float> best(count * tables_->padded_pieces());
        tables_->best_matches(std::span(texts_).subspan(first, count), best.data());
        for (std::size_t text = 0; text < count; ++text) {
            std::copy_n(
                &best[text * tables_->padded_pieces()],
                pieces,
                &set_.piece_match[(first + text) * pieces]
            );
        }
    }

    const IndexState& state_;
    const ChunkQuery& query_;
    SearchScratch& scratch_;
    ScanCrew& crew_;
    std::optional<LexicalPass> lexical_;
    std::optional<DensePass> dense_;
    std::optional<simd::PieceTables> tables_;     // Where token vectors take part.
    std::vector<simd::PieceTables::Text> texts_;  // Of the candidates' windows.
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
