#include "forward.hpp"

#include <algorithm>
#include <numeric>

#include "simd/attention.hpp"

namespace rag::local {
namespace {

using simd::kPanelColumns;

/// From `first` on, `count` of something.
struct Run {
    std::size_t first;
    std::size_t count;
};

Run share_of(std::size_t total, std::size_t member, std::size_t members) {
    const std::size_t first = total * member / members;
    return {first, total * (member + 1) / members - first};
}

/// Heads are shared in groups that fill whole panels.
std::size_t heads_of_group(const ModelConfig& config) {
    return std::lcm(config.head_size(), kPanelColumns) / config.head_size();
}

template <class Weight>
const Weight* weights_of(const Linear& linear) {
    if constexpr (std::is_same_v<Weight, float>)
        return linear.floats;
    else
        return linear.halves;
}

/// Panels `columns` of the weights, of which the inputs `inputs`.
template <class Weight>
simd::Panels<Weight> part_of(const Linear& linear, Run columns, Run inputs) {
    const std::size_t stride = linear.inputs * kPanelColumns;
    return {
        weights_of<Weight>(linear) + columns.first * stride + inputs.first * kPanelColumns,
        columns.count,
        inputs.count,
        stride};
}

/// One member's part of a pass.
template <class Weight>
class Pass {
public:
    Pass(const Weights& weights, const PackedBatch& batch, Team& team, std::size_t member)
        : config_(weights.config()),
          weights_(weights),
          batch_(batch),
          team_(team),
          member_(member),
          space_(*team.members[member]),
          rows_(batch.ids.size()),
          hidden_panels_(simd::padded_columns(config_.hidden_size) / kPanelColumns) {
        const std::size_t group = heads_of_group(config_);
        const bool shared = team.size() > 1;
        heads_ =
            shared ? share_of(config_.heads / group, member, team.size()) : Run{0, config_.heads};
        if (shared) heads_ = {heads_.first * group, heads_.count * group};
        const std::size_t panels = simd::padded_columns(config_.intermediate_size) / kPanelColumns;
        inner_ = share_of(panels, member, team.size());
    }

    void run(const std::function<void()>& between_layers) {
        std::size_t row = 0;
        for (const std::size_t end : batch_.ends) {
            for (const std::size_t first = row; row < end; ++row) {
                weights_.embed(batch_.ids[row], row - first, space_.state(row));
            }
        }
        for (const Layer& layer : weights_.layers()) {
            attend(layer);
            combine(layer.attention_norm, 0);
            feed_forward(layer);
            // The others' sums may be overwritten once member 0 is done, and only it has a use for
            // the last states.
            const bool last = &layer == &weights_.layers().back();
            if (last && member_ != 0) return team_.wait();
            combine(layer.output_norm, 1);
            if (between_layers && !last) between_layers();
        }
    }

private:
    /// Where a product whose sum all members share goes. Alone, it is added to the states at once.
    simd::Product summed(const Linear& linear, float* partial) const {
        const bool alone = team_.size() == 1;
        simd::Product product{
            .a = nullptr, .a_stride = 0, .rows = rows_, .c = partial, .c_stride = space_.stride};
        if (alone) product.c = space_.states;
        if (member_ == 0) {
            product.bias = linear.bias;
            product.addend = space_.states;
            product.addend_stride = space_.stride;
        }
        return product;
    }

    void attend(const Layer& layer) {
        const std::size_t hidden = config_.hidden_size, padded = hidden_panels_ * kPanelColumns;
        const bool all = heads_.count == config_.heads;
        const Run columns{heads_.first * config_.head_size(), heads_.count * config_.head_size()};
        const Linear& wide = layer.query_key_value;
        simd::Product product{
            .a = space_.states,
            .a_stride = space_.stride,
            .rows = rows_,
            .c = nullptr,
            .c_stride = space_.wide_stride};
        // All three at once, unless only some columns of each are this member's.
        for (std::size_t block = 0; block < (all ? 1 : 3); ++block) {
            const Run panels = all ? Run{0, 3 * hidden_panels_}
                                   : Run{block * hidden_panels_ + columns.first / kPanelColumns,
                                         columns.count / kPanelColumns};
            product.c = space_.wide + panels.first * kPanelColumns;
            product.bias = wide.bias + panels.first * kPanelColumns;
            simd::multiply(product, part_of<Weight>(wide, panels, {0, hidden}));
        }
        std::size_t first = 0;
        for (const std::size_t end : batch_.ends) {
            const float* rows = space_.wide + first * space_.wide_stride;
            const simd::Attention attention{
                .query = rows,
                .key = rows + padded,
                .value = rows + 2 * padded,
                .stride = space_.wide_stride,
                .tokens = end - first,
                .head_size = config_.head_size(),
                .first_head = heads_.first,
                .head_count = heads_.count,
                .out = space_.mixed + first * space_.stride,
                .out_stride = space_.stride};
            simd::attend(attention, space_.attention);
            first = end;
        }
        simd::Product output = summed(layer.attention_output, space_.partial[0]);
        output.a = space_.mixed + columns.first;
        output.a_stride = space_.stride;
        simd::multiply(
            output, part_of<Weight>(layer.attention_output, {0, hidden_panels_}, columns)
        );
    }

    void feed_forward(const Layer& layer) {
        const std::size_t blocks = (rows_ + Workspace::kBlockRows - 1) / Workspace::kBlockRows;
        const std::size_t block = (rows_ + blocks - 1) / blocks;
        const std::size_t from = inner_.first * kPanelColumns;
        const std::size_t to =
            std::min(from + inner_.count * kPanelColumns, config_.intermediate_size);
        for (std::size_t row = 0; row < rows_; row += block) {
            const std::size_t rows = std::min(block, rows_ - row);
            const simd::Product up{
                .a = space_.state(row),
                .a_stride = space_.stride,
                .rows = rows,
                .bias = layer.up.bias + from,
                .activation = simd::Activation::gelu,
                .c = space_.inner,
                .c_stride = space_.inner_stride};
            simd::multiply(up, part_of<Weight>(layer.up, inner_, {0, config_.hidden_size}));
            simd::Product down = summed(layer.down, space_.partial[1]);
            down.a = space_.inner;
            down.a_stride = space_.inner_stride;
            down.rows = rows;
            down.c += row * space_.stride;
            if (down.addend != nullptr) down.addend += row * space_.stride;
            simd::multiply(
                down, part_of<Weight>(layer.down, {0, hidden_panels_}, {from, to - from})
            );
        }
    }

    /// States = norm(sum of what the members computed). Each member does so for itself: that is
    /// less than another wait.
    void combine(const simd::LayerNorm& norm, std::size_t product) {
        team_.wait();
        const std::size_t hidden = config_.hidden_size;
        for (std::size_t row = 0; row < rows_; ++row) {
            float* state = space_.state(row);
            if (team_.size() > 1) {
                const std::size_t place = row * space_.stride;
                std::copy_n(team_.members[0]->partial[product] + place, hidden, state);
                for (std::size_t i = 1; i < team_.size(); ++i) {
                    simd::add_row(state, team_.members[i]->partial[product] + place, hidden);
                }
            }
            simd::layer_norm(state, hidden, norm);
        }
    }

    const ModelConfig& config_;
    const Weights& weights_;
    const PackedBatch& batch_;
    Team& team_;
    std::size_t member_;
    Workspace& space_;
    std::size_t rows_;
    std::size_t hidden_panels_;
    Run heads_{};
    Run inner_{};
};

std::size_t workspace_bytes(const ModelConfig& config, std::size_t rows) {
    const std::size_t row =
        4 * spaced(config.hidden_size) + simd::padded_columns(config.hidden_size) * 3 + 16;
    return Arena::bytes_for<float>(rows * row) +
           Arena::bytes_for<float>(Workspace::kBlockRows * spaced(config.intermediate_size)) + 4096;
}

}  // namespace

Workspace::Workspace(const ModelConfig& config, std::size_t rows_max)
    : stride(spaced(config.hidden_size)),
      wide_stride(simd::padded_columns(config.hidden_size) * 3 + 16),
      inner_stride(spaced(config.intermediate_size)),
      arena_(workspace_bytes(config, rows_max)),
      states(arena_.take<float>(rows_max * stride)),
      wide(arena_.take<float>(rows_max * wide_stride)),
      mixed(arena_.take<float>(rows_max * stride)),
      inner(arena_.take<float>(kBlockRows * inner_stride)),
      partial{arena_.take<float>(rows_max * stride), arena_.take<float>(rows_max * stride)} {}

void run_batch(
    const Weights& weights,
    const PackedBatch& batch,
    Workspace& space,
    const std::function<void()>& between_layers
) {
    Team alone(1);
    alone.members[0] = &space;
    Pass<float>(weights, batch, alone, 0).run(between_layers);
}

std::size_t team_size_max(const ModelConfig& config) {
    const std::size_t panels = simd::padded_columns(config.intermediate_size) / kPanelColumns;
    const std::size_t group = heads_of_group(config);
    if (config.heads % group != 0) return 1;
    return std::min({Team::kSizeMax, config.heads / group, panels});
}

void run_shared(const Weights& weights, const PackedBatch& batch, Team& team, std::size_t member) {
    if (weights.has_halves()) {
        Pass<simd::Half>(weights, batch, team, member).run({});
    } else {
        Pass<float>(weights, batch, team, member).run({});
    }
}

}  // namespace rag::local
