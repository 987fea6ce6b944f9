#include "domain/ranking.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "domain/lexical.hpp"

namespace rag {
namespace {

/// In the order of `kWeights`, named alike.
enum Signal : std::size_t {
    kWords,
    kConversationWords,
    kQuestionBeforeWords,
    kDense,
    kConversationDense,
    kNeighbours,
    kCoverage,
    kQuestionBefore,
    kSpeaker,
    kTime,
    kWhen,
    kStatement,
    kSubstance,
    kBrevity,
    kSignalCount
};

// Fitted on three kinds of talk to rank by the chance of being evidence; benches/quality/README.md
// says how, and what changed since. "brevity" is not fitted: it is the price of the tokens that a
// reader pays for.
constexpr std::array<SignalWeight, kSignalCount> kWeights{{
    {"words", 0.000F, 0.313F},                  // BM25, each term from the best of the window.
    {"conversation_words", 0.145F, 0.121F},     // The conversation's best of that.
    {"question_before_words", 0.000F, 0.107F},  // BM25 of the question that this answers.
    {"dense", 0.043F, 0.113F},                  // Cosine of the sentence vectors.
    {"conversation_dense", 0.060F, 0.102F},     // The conversation's best of that.
    {"neighbours", 0.317F, 0.000F},             // Token vectors, the best of the window.
    {"coverage", 0.091F, 0.000F},               // The root of that: many pieces, be it faintly.
    {"question_before", 0.098F, 0.000F},        // Token vectors of the question that this answers.
    {"speaker", 0.018F, 0.014F},                // The question names the author.
    {"time", 0.098F, 0.095F},                   // The chunk's day is close to a date asked for.
    {"when", 0.031F, 0.032F},                   // Asked for a time, tells one.
    {"statement", 0.020F, 0.021F},              // Share of sentences that are no questions.
    {"substance", 0.046F, 0.052F},              // "Yeah, right" answers nothing.
    {"brevity", 0.033F, 0.030F},                // Tokens cost the reader.
}};

using Signals = std::array<float, kSignalCount>;

// The longest text that models of this family read; where brevity reaches 0.
constexpr float kTokensOfLongest = 256;

/// How well the question's word pieces are matched by a chunk's, by token vectors.
class PieceMatcher {
public:
    explicit PieceMatcher(const CandidateSet& set)
        : weights_(piece_weights(set)), matches_(beyond_chance(set)) {}

    bool has_own_match(const Candidate& candidate) const {
        return !weights_.empty() && candidate.window[kCentre] != kNoRow;
    }

    struct Match {
        float best = 0;
        float coverage = 0;
    };

    /// Each piece from the best place of the window, fading with the distance.
    Match window(const Candidate& candidate) const {
        Match sum;
        for (std::size_t piece = 0; piece < weights_.size(); ++piece) {
            float best = 0;
            for (std::size_t place = 0; place < candidate.window.size(); ++place) {
                if (candidate.window[place] == kNoRow) continue;
                best = std::max(best, kFades[place] * match(candidate.window[place], piece));
            }
            sum.best += weights_[piece] * best;
            sum.coverage += weights_[piece] * std::sqrt(best);
        }
        return sum;
    }

    /// Of the chunk before by itself, if that asks something.
    float question_before(const Candidate& candidate) const {
        const std::int32_t row = candidate.window[kCentre - 1];
        if (!candidate.question_before || row == kNoRow) return 0;
        float sum = 0;
        for (std::size_t piece = 0; piece < weights_.size(); ++piece) {
            sum += weights_[piece] * match(row, piece);
        }
        return sum;
    }

private:
    static constexpr std::size_t kCentre = 2;
    static constexpr std::array<float, 5> kFades{
        lexical::kFade * lexical::kFade,
        lexical::kFade,
        1,
        lexical::kFade,
        lexical::kFade* lexical::kFade};

    /// Rare pieces say more; their root, because one rare name is not the whole question.
    static std::vector<float> piece_weights(const CandidateSet& set) {
        std::vector<float> weights(set.piece_count);
        for (std::size_t piece = 0; piece < weights.size(); ++piece) {
            const std::size_t containing =
                piece < set.piece_frequency.size() ? set.piece_frequency[piece] : 0;
            weights[piece] = std::sqrt(lexical::idf(set.chunk_total, containing));
        }
        const float sum = std::accumulate(weights.begin(), weights.end(), 0.0F);
        for (float& weight : weights) weight = sum > 0 ? weight / sum : 0;
        return weights;
    }

    /// Row after row, 0..1: the cosines beyond what the best of so many random pieces reaches.
    static std::vector<float> beyond_chance(const CandidateSet& set) {
        constexpr float kChanceOfOne = 0.032F;
        constexpr float kChancePerLog = 0.0436F;
        std::vector<float> matches(set.piece_match.size());
        for (std::size_t row = 0; row < set.row_pieces.size(); ++row) {
            const float pieces = std::max(static_cast<float>(set.row_pieces[row]), 1.0F);
            const float chance = kChanceOfOne + kChancePerLog * std::log(pieces);
            for (std::size_t piece = 0; piece < set.piece_count; ++piece) {
                const std::size_t place = row * set.piece_count + piece;
                const float cosine = set.piece_match[place];
                matches[place] = std::clamp((cosine - chance) / (1 - chance), 0.0F, 1.0F);
            }
        }
        return matches;
    }

    float match(std::int32_t row, std::size_t piece) const {
        return matches_[static_cast<std::size_t>(row) * weights_.size() + piece];
    }

    std::vector<float> weights_;  // Of each piece; they sum to 1.
    std::vector<float> matches_;
};

/// Works out every signal of a candidate.
class SignalReader {
public:
    SignalReader(const CandidateSet& set, const QueryCues& cues)
        : cues_(cues), pieces_(set), named_(set.authors.size()) {
        for (std::size_t author = 0; author < named_.size(); ++author) {
            named_[author] = cues.names(set.authors[author]) ? 1.0F : 0.0F;
        }
    }

    bool has_token_match(const Candidate& candidate) const {
        return candidate.in_pool && pieces_.has_own_match(candidate);
    }

    Signals read(const Candidate& candidate) {
        const ChunkTraits& traits = candidate.traits;
        Signals signals{};
        signals[kWords] = candidate.bm25_window;
        signals[kConversationWords] = candidate.bm25_conversation;
        signals[kQuestionBeforeWords] = candidate.bm25_question;
        signals[kDense] = candidate.cosine;
        signals[kConversationDense] = candidate.cosine_conversation;
        if (has_token_match(candidate)) {
            const PieceMatcher::Match match = pieces_.window(candidate);
            signals[kNeighbours] = match.best;
            signals[kCoverage] = match.coverage;
            signals[kQuestionBefore] = pieces_.question_before(candidate);
        }
        signals[kSpeaker] = candidate.author < named_.size() ? named_[candidate.author] : 0;
        signals[kTime] = candidate.day ? closeness(*candidate.day) : 0;
        signals[kWhen] = cues_.asks_when && traits.has_time_word ? 1 : 0;
        signals[kStatement] = traits.not_question;
        signals[kSubstance] = traits.says;
        const float tokens = std::max(static_cast<float>(traits.tokens), 1.0F);
        signals[kBrevity] = 1 - std::log(tokens) / std::log(kTokensOfLongest);
        for (float& signal : signals) signal = std::clamp(signal, 0.0F, 1.0F);
        return signals;
    }

private:
    float closeness(std::int64_t day) {
        if (cues_.periods.empty()) return 0;
        const auto [place, added] = closeness_of_day_.try_emplace(day, 0.0F);
        if (added) place->second = cues_.closeness(day);
        return place->second;
    }

    const QueryCues& cues_;
    PieceMatcher pieces_;
    std::vector<float> named_;  // By author.
    std::unordered_map<std::int64_t, float> closeness_of_day_;
};

void sort_by_score(std::vector<Ranked>& ranked) {
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& one, const Ranked& other) {
        return one.score > other.score;
    });
}

Ranked weigh(
    std::size_t index, const Signals& signals, float SignalWeight::*column, Explain explain
) {
    Ranked ranked{index, 0, {}};
    Signals shares{};
    for (std::size_t signal = 0; signal < kSignalCount; ++signal) {
        shares[signal] = kWeights[signal].*column * signals[signal];
        ranked.score += shares[signal];
    }
    if (explain == Explain::yes) ranked.shares.assign(shares.begin(), shares.end());
    return ranked;
}

std::vector<Ranked> rank_hybrid(const CandidateSet& set, const QueryCues& cues, Explain explain) {
    SignalReader reader(set, cues);
    std::vector<Ranked> pool;
    std::vector<Ranked> tail;
    pool.reserve(set.candidates.size());
    for (std::size_t index = 0; index < set.candidates.size(); ++index) {
        const Candidate& candidate = set.candidates[index];
        // A chunk that has no token vectors (yet) is measured by the signals it has: both columns
        // sum to 1, so their scores may stand side by side.
        const auto column =
            reader.has_token_match(candidate) ? &SignalWeight::full : &SignalWeight::without_pieces;
        Ranked ranked = weigh(index, reader.read(candidate), column, explain);
        (candidate.in_pool ? pool : tail).push_back(std::move(ranked));
    }
    sort_by_score(pool);
    sort_by_score(tail);

    // Cheap signals alone cannot say that a chunk is better than one that was looked at closely.
    const float ceiling = pool.empty() ? 1.0F : pool.back().score;
    for (Ranked& ranked : tail) {
        ranked.score *= ceiling;
        for (float& share : ranked.shares) share *= ceiling;
    }
    pool.insert(
        pool.end(), std::make_move_iterator(tail.begin()), std::make_move_iterator(tail.end())
    );
    return pool;
}

}  // namespace

std::span<const SignalWeight> signal_weights() { return kWeights; }

std::vector<Ranked> rank(
    const CandidateSet& set, const QueryCues& cues, SearchMode mode, Explain explain
) {
    if (mode == SearchMode::hybrid) return rank_hybrid(set, cues, explain);

    std::vector<Ranked> ranked;
    for (std::size_t index = 0; index < set.candidates.size(); ++index) {
        const Candidate& candidate = set.candidates[index];
        const bool lexical = mode == SearchMode::lexical;
        const float value = lexical ? candidate.bm25 : candidate.cosine;
        // A neighbour of a match has none of its words; by vector everything is near or far.
        if (lexical && value <= 0) continue;
        ranked.push_back({index, std::clamp(value, 0.0F, 1.0F), {}});
    }
    sort_by_score(ranked);
    return ranked;
}

}  // namespace rag
