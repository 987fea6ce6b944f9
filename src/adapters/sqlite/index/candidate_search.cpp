#include "candidate_search.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "best_rows.hpp"
#include "dense_pass.hpp"
#include "domain/candidate_assembly.hpp"
#include "lexical_pass.hpp"
#include "simd/piece_tables.hpp"

namespace rag::sqlite {
namespace {

/// One of the best by words or by vector, and where it stands.
struct Best {
    Row row;
    std::int32_t lexical_rank = 0;
    std::int32_t dense_rank = 0;
    bool in_pool = false;
    ConversationId conversation_id{};
    std::uint32_t place = 0;

    friend bool operator<(const Best& a, const Best& b) {
        return std::pair(a.conversation_id.value, a.place) <
               std::pair(b.conversation_id.value, b.place);
    }
};

/// Fetches what `assemble_candidates` needs: first the best and the rows near them, then, of those
/// that it says it will use, what takes reading texts' terms, vectors and pieces.
class CandidateSearch {
public:
    CandidateSearch(
        const IndexState& state, const ChunkQuery& query, SearchScratch& scratch, ScanCrew& crew
    )
        : state_(state), query_(query), scratch_(scratch), crew_(crew) {
        const bool with_vector = query.mode != SearchMode::lexical && !query.embedding.empty() &&
                                 query.embedding.size() == state.dimension();
        state.find_allowed(query.filter, scratch.allowed);
        scratch.best_rows.reset(state.row_count());
        if (query.mode != SearchMode::dense) lexical_.emplace(state, query.terms, scratch);
        if (with_vector) dense_.emplace(state, query.embedding, scratch.allowed, scratch);
    }

    CandidateSet run() {
        score();
        find_best();
        gather();
        uses_ = row_uses(fetched_.rows, query_.pool_size);
        describe();
        measure();
        fetched_.piece_count = query_.pieces.ids.size();
        fetched_.chunk_total = state_.chunk_count();
        for (const std::int32_t id : query_.pieces.ids) {
            fetched_.piece_frequency.push_back(state_.piece_frequency(id));
        }
        return assemble_candidates(std::move(fetched_), uses_);
    }

private:
    /// All chunks, by words and by vector.
    void score() {
        const std::size_t words = lexical_ ? 1 : 0;  // First, for it takes longer than a scan.
        const std::size_t scans = dense_ ? dense_->scan_parts() : 0;
        crew_.run(words + scans, [this, words](std::size_t part) {
            part < words ? lexical_->score_all() : dense_->scan(part - words);
        });
    }

    bool matches_pieces() const {
        const QueryPieces& pieces = query_.pieces;
        return query_.mode == SearchMode::hybrid && !pieces.ids.empty() &&
               pieces.dimension == state_.piece_dimension();
    }

    void find_best() {
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
        take(words, &Best::lexical_rank);
        if (dense_) {
            crew_.run(dense_->scan_parts(), [this](std::size_t part) { dense_->sift(part); });
            take(dense_->best(), &Best::dense_rank);
        }
    }

    void take(const std::vector<ScoredRow>& rows, std::int32_t Best::*rank) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::uint32_t slot = scratch_.best_rows.slot(rows[i].row);
            if (slot == best_.size()) best_.push_back({rows[i].row});
            best_[slot].*rank = static_cast<std::int32_t>(i + 1);
            if (i < query_.pool_size) best_[slot].in_pool = true;
        }
    }

    /// The best and the rows near them, in order: runs around the best of one conversation, one
    /// after the other, each row once.
    void gather() {
        for (Best& best : best_) {
            best.conversation_id = state_.conversation_of(best.row).id;
            best.place = state_.info(best.row).place;
        }
        std::sort(best_.begin(), best_.end());
        constexpr std::size_t kLikelyRows = 1 + 2 * kPoolReach;
        fetched_.rows.reserve(std::min(best_.size() * kLikelyRows, state_.chunk_count()));
        rows_.reserve(fetched_.rows.capacity());

        ConversationId conversation{};
        std::size_t next_place = 0;
        for (const Best& best : best_) {
            const std::vector<Row>& rows = state_.conversation_of(best.row).rows;
            if (fetched_.rows.empty() || best.conversation_id != conversation) next_place = 0;
            conversation = best.conversation_id;
            const auto reach = static_cast<std::size_t>(best.in_pool ? kPoolReach : kTailReach);
            const std::size_t first = best.place - std::min<std::size_t>(best.place, reach);
            const std::size_t end = std::min(rows.size(), best.place + reach + 1);
            for (std::size_t place = std::max(first, next_place); place < end; ++place) {
                add_row(rows[place], conversation);
            }
            next_place = std::max(next_place, end);
            FetchedRow& own = fetched_.rows[fetched_.rows.size() - (next_place - best.place)];
            own.lexical_rank = best.lexical_rank;
            own.dense_rank = best.dense_rank;
        }
    }

    void add_row(Row row, ConversationId conversation) {
        const RowInfo& info = state_.info(row);
        FetchedRow& fetched = fetched_.rows.emplace_back();
        fetched.chunk_id = info.chunk_id;
        fetched.conversation_id = conversation;
        fetched.order_index = info.order_index;
        fetched.passes = (scratch_.allowed[row / 64] >> (row % 64) & 1) != 0;
        fetched.traits = info.traits;
        rows_.push_back(row);
    }

    /// What is known without reading terms or vectors.
    void describe() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            FetchedRow& fetched = fetched_.rows[i];
            const RowInfo& info = state_.info(rows_[i]);
            if (uses_[i].is_candidate) {
                fetched.time = info.time;
                if (info.has_time) fetched.day = day_in(*query_.zone, info.time);
                fetched.author_name = state_.author_name(rows_[i]);
                if (last_conversation() != fetched.conversation_id) {
                    fetched_.conversations.push_back({fetched.conversation_id, {}, {}});
                    conversations_.push_back(info.conversation);
                }
            }
            if (tables_ && uses_[i].in_pool_window && info.piece_count > 0) {
                fetched.piece_row = static_cast<std::int32_t>(texts_.size());
                texts_.push_back({info.piece_bits, info.piece_count});
                fetched_.row_pieces.push_back(info.piece_count);
            }
        }
        fetched_.piece_match.resize(texts_.size() * query_.pieces.ids.size());
    }

    std::optional<ConversationId> last_conversation() const {
        if (fetched_.conversations.empty()) return std::nullopt;
        return fetched_.conversations.back().id;
    }

    /// Each kind by itself: they read and write nothing in common.
    void measure() {
        constexpr std::size_t kTextsPerPart = 128;  // Of 18 pieces: some 60 microseconds.
        const std::size_t parts = (texts_.size() + kTextsPerPart - 1) / kTextsPerPart;
        crew_.run(2 + parts, [&](std::size_t part) {
            if (part == 0) return add_cosines();
            if (part == 1) return add_words();
            const std::size_t first = (part - 2) * kTextsPerPart;
            match_pieces(first, std::min(kTextsPerPart, texts_.size() - first));
        });
    }

    void add_cosines() {
        if (!dense_) return;
        std::vector<Row> rows;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (uses_[i].is_candidate) rows.push_back(rows_[i]);
        }
        dense_->compute(rows);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (!uses_[i].is_candidate || !state_.has_vector(rows_[i])) continue;
            fetched_.rows[i].cosine = dense_->cosine(rows_[i]);
            fetched_.rows[i].has_cosine = true;
        }
        for (std::size_t i = 0; i < conversations_.size(); ++i) {
            fetched_.conversations[i].cosine = dense_->conversation_best(conversations_[i]);
        }
    }

    void add_words() {
        if (!lexical_) return;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (!uses_[i].in_window) continue;
            FetchedRow& fetched = fetched_.rows[i];
            const LexicalPass::Run run = lexical_->matches(rows_[i]);
            fetched.bm25 = lexical_->score(rows_[i]);
            fetched.first_match = run.first;
            fetched.match_count = run.count;
        }
        for (std::size_t i = 0; i < conversations_.size(); ++i) {
            fetched_.conversations[i].bm25 = lexical_->conversation_best(conversations_[i]);
        }
        fetched_.term_weights = lexical_->weights();
        fetched_.term_matches = lexical_->take_matches();
    }

    void match_pieces(std::size_t first, std::size_t count) {
        const std::size_t pieces = query_.pieces.ids.size();
        std::vector<float> best(count * tables_->padded_pieces());
        tables_->best_matches(std::span(texts_).subspan(first, count), best.data());
        for (std::size_t text = 0; text < count; ++text) {
            std::copy_n(
                &best[text * tables_->padded_pieces()],
                pieces,
                &fetched_.piece_match[(first + text) * pieces]
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
    std::vector<simd::PieceTables::Text> texts_;  // Of the pool's windows.
    std::vector<Best> best_;
    std::vector<Row> rows_;                     // Of `fetched_.rows`.
    std::vector<std::uint32_t> conversations_;  // Of `fetched_.conversations`.
    std::vector<RowUse> uses_;                  // Of `fetched_.rows`.
    FetchedChunks fetched_;
};

}  // namespace

CandidateSet search_candidates(
    const IndexState& state, const ChunkQuery& query, SearchScratch& scratch, ScanCrew& crew
) {
    return CandidateSearch(state, query, scratch, crew).run();
}

}  // namespace rag::sqlite
