#include "local/forward.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "simd/targets.hpp"
#include "tiny_model.hpp"

namespace rag::local {
namespace {

using test::TinyModel;
using test::TinyShape;

using Texts = std::vector<std::vector<std::int32_t>>;

const Texts kTexts = {
    {2, 4, 5, 6, 3}, {2, 3}, {2, 14, 15, 9, 9, 9, 10, 11, 12, 13, 4, 4, 5, 3}, {2, 7, 3}};

PackedBatch packed(const Texts& texts) {
    PackedBatch batch;
    for (const auto& ids : texts) {
        batch.ids.insert(batch.ids.end(), ids.begin(), ids.end());
        batch.ends.push_back(batch.ids.size());
    }
    return batch;
}

class ForwardPass : public testing::TestWithParam<std::string> {
protected:
    ForwardPass() : forced_(GetParam()) {}

    void load(const TinyShape& shape) {
        model = std::make_unique<TinyModel>(shape);
        const Result<ModelConfig> config = read_model_config(model->folder());
        ASSERT_TRUE(config) << config.error().message;
        auto loaded = Weights::load(model->folder(), *config, "");
        ASSERT_TRUE(loaded) << loaded.error().message;
        weights = std::move(*loaded);
    }

    void expect_states(const Texts& texts, Workspace& space, double error) const {
        std::size_t row = 0;
        for (const auto& ids : texts) {
            const std::vector<double> expected = model->states(ids);
            for (std::size_t place = 0; place < expected.size(); ++place) {
                const std::size_t hidden = model->shape().hidden;
                ASSERT_NEAR(
                    space.state(row + place / hidden)[place % hidden], expected[place], error
                ) << "text from row "
                  << row << ", value " << place;
            }
            row += ids.size();
        }
    }

    std::unique_ptr<TinyModel> model;
    std::unique_ptr<const Weights> weights;

private:
    simd::ForcedTarget forced_;
};

TEST_P(ForwardPass, ComputesWhatTheModelSays) {
    for (const TinyShape& shape :
         {TinyShape{},
          TinyShape{.hidden = 16, .heads = 2, .intermediate = 40, .layers = 3},
          TinyShape{.hidden = 40, .heads = 5, .intermediate = 32, .layers = 1, .prefix = "bert."},
          TinyShape{.hidden = 128, .heads = 2, .intermediate = 200, .layers = 1}}) {
        load(shape);
        Workspace space(weights->config(), 64);
        std::size_t pauses = 0;

        run_batch(*weights, packed(kTexts), space, [&] { ++pauses; });

        expect_states(kTexts, space, 2e-4);
        EXPECT_EQ(pauses, shape.layers - 1);
    }
}

TEST_P(ForwardPass, ComputesMoreRowsThanABlockHolds) {
    load(TinyShape{});
    Texts texts;
    for (int i = 0; i < 40; ++i) texts.insert(texts.end(), kTexts.begin(), kTexts.end());
    const PackedBatch batch = packed(texts);
    Workspace space(weights->config(), batch.ids.size());

    run_batch(*weights, batch, space, {});

    ASSERT_GT(batch.ids.size(), 2 * Workspace::kBlockRows);
    expect_states(texts, space, 2e-4);
}

TEST_P(ForwardPass, IsSharedByThreads) {
    load(TinyShape{.hidden = 96, .heads = 3, .intermediate = 104});
    ASSERT_EQ(team_size_max(weights->config()), 3U);
    const PackedBatch batch = packed(kTexts);
    for (std::size_t size = 1; size <= 3; ++size) {
        std::vector<std::unique_ptr<Workspace>> spaces;
        Team team(size);
        for (std::size_t member = 0; member < size; ++member) {
            spaces.push_back(std::make_unique<Workspace>(weights->config(), 64));
            team.members[member] = spaces.back().get();
        }
        std::vector<std::thread> threads;

        for (std::size_t member = 0; member < size; ++member) {
            threads.emplace_back([&, member] { run_shared(*weights, batch, team, member); });
        }
        for (std::thread& thread : threads) thread.join();

        // Where weights are read with 16 bits, they are off by 2^-12.
        expect_states(kTexts, *spaces[0], weights->has_halves() ? 1e-2 : 2e-4);
    }
}

TEST_P(ForwardPass, IsNotSharedWhereHeadsFillNoPanel) {
    load(TinyShape{.hidden = 40, .heads = 5});

    EXPECT_EQ(team_size_max(weights->config()), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Targets,
    ForwardPass,
    testing::ValuesIn(simd::available_targets()),
    [](const testing::TestParamInfo<std::string>& target) { return target.param; }
);

}  // namespace
}  // namespace rag::local
