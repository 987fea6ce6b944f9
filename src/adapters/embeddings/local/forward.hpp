#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "arena.hpp"
#include "team.hpp"
#include "weights.hpp"

namespace rag::local {

/// Texts whose tokens are the rows of one matrix, one after the other: nothing is padded.
struct PackedBatch {
    std::vector<std::int32_t> ids;  // [CLS] and [SEP] of each text included.
    std::vector<std::size_t> ends;  // Row behind the last one of each text.
};

/// A thread's memory for a pass over at most `rows_max` tokens.
class Workspace {
public:
    Workspace(const ModelConfig& config, std::size_t rows_max);

    /// Last hidden state of a row of the batch that was computed last; may be changed.
    float* state(std::size_t row) { return states + row * stride; }

    /// So many rows at a time go through the two wide products, whose rows stay in the cache.
    static constexpr std::size_t kBlockRows = 168;

    std::size_t stride;       // Of states, mixed and partial sums.
    std::size_t wide_stride;  // Of query, key and value.
    std::size_t inner_stride;

private:
    Arena arena_;

public:
    float* states;
    float* wide;
    float* mixed;
    float* inner;
    std::array<float*, 2> partial;  // This member's sums, for the two products of a layer.
    std::vector<float> attention;
};

/// Rows are spaced by a line more than they are long: at a power of two they would share few places
/// of the cache.
constexpr std::size_t spaced(std::size_t columns) { return simd::padded_columns(columns) + 16; }

/// Computes the batch on the calling thread with full weights. `between_layers` is called between
/// layers: nothing urgent waits longer than one layer takes.
void run_batch(
    const Weights& weights,
    const PackedBatch& batch,
    Workspace& space,
    const std::function<void()>& between_layers
);

/// How many threads can share one batch of this model.
std::size_t team_size_max(const ModelConfig& config);

/// Computes part `member` of the batch; each member of the team calls it once, on its own thread.
/// Weights are read with 16 bits where the CPU widens those: few rows are slowed by reading them.
/// In the end member 0 has the states.
void run_shared(const Weights& weights, const PackedBatch& batch, Team& team, std::size_t member);

}  // namespace rag::local
