#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "best_rows.hpp"
#include "index_state.hpp"
#include "search_scratch.hpp"
#include "simd/search_kernels.hpp"

namespace rag::sqlite {

/// One question's cosines: all rows are scanned in four bits a value, and where the bound of the
/// error leaves a doubt they are scored in eight bits, then in floats. So results are those that
/// floats alone would give, at an eighth of the memory read.
class DensePass {
public:
    /// `embedding` has the index's dimension; `best` will choose among the allowed rows.
    DensePass(
        const IndexState& state,
        std::span<const float> embedding,
        std::span<const std::uint64_t> allowed,
        SearchScratch& scratch
    );

    /// The scan comes before all else; its parts may be done in any order, by several threads.
    std::size_t scan_parts() const;
    void scan(std::size_t part);

    /// The best `count` of the allowed rows that have a vector, in three steps. After the first one
    /// it is known what they must reach; the second goes through all rows, in as many parts as the
    /// scan and like it; the third answers, best first, with exact cosines.
    void begin_best(std::size_t count);
    void sift(std::size_t part);
    std::vector<ScoredRow> best();

    /// Exact; 0 without a vector.
    float cosine(Row row);
    /// Exact cosines of those that have none yet, together.
    void compute(std::span<const Row> rows);

    /// Best cosine of a conversation; 0 if none of its chunks has a vector.
    float conversation_best(std::uint32_t conversation);

private:
    /// What is known of a cosine.
    struct Bounds {
        float low;
        float high;
    };

    /// Working memory of `narrow`.
    struct Fine {
        std::vector<simd::LowerPlane> planes;
        std::vector<float> scores;
    };

    bool is_scanned(Row row) const { return allowed_[row / 64] != 0; }
    Bounds bounds(Row row) const;
    /// Of those rows the ones that may reach `least`, judged by eight bits. With `raise`, `least`
    /// rises to what one of them reaches for certain.
    void narrow(std::vector<Row>& rows, float least, bool raise, Fine& fine) const;
    /// With exact cosines, best first.
    std::vector<ScoredRow> scored(std::span<const Row> rows);
    /// Allowed rows of these words that may reach `least`, judged by the scan.
    std::vector<Row> doubtful(std::size_t first_word, std::size_t last_word, float least) const;

    const IndexState& state_;
    std::vector<float>& scores_;           // Of the scan; by row.
    std::vector<std::uint64_t>& allowed_;  // And with a vector.
    RowSlots& slots_;
    std::vector<float> query_;  // Padded.
    simd::NibbleQuery nibbles_;
    simd::ScoreBound bound_;
    std::vector<float> cosines_;  // By slot.
    std::size_t count_ = 0;       // Wanted by `begin_best`.
    std::vector<ScoredRow> best_;
    bool is_sifted_ = false;
    std::vector<std::vector<Row>> sifted_;  // By part.
    std::vector<Row> wanted_;               // For `conversation_best`.
    Fine fine_;                             // The same.
};

}  // namespace rag::sqlite
