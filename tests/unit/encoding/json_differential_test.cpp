#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "encoding/json.hpp"

/// Random damage to a good body, judged by the library's own parser: we take nothing that it
/// refuses, and what we take means the same to it.
namespace rag::encoding {
namespace {

using namespace std::string_view_literals;

TEST(JsonMutations, AreTakenOnlyIfTheyAreJsonAndMeanTheSame) {
    const std::string good =
        R"({"metadata":{"a":[1,2.5e3,{"b":null}],"c":"\u00e4\ud83d\ude00"},"messages":[{"content":"x\n",)"
        R"("t":true,"n":-0.5,"i":12345678901234567890}],"e":{}})";
    constexpr std::string_view kBytes = "\"\\{}[]:,0e.-+u\0 \n\x80\xC3\xED\xFF"sv;
    std::mt19937 random{20251107};
    const auto pick = [&random](std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most)(random);
    };
    int taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string text = good;
        for (std::size_t changes = 1 + pick(2); changes > 0; --changes) {
            const std::size_t at = pick(text.size() - 1);
            const std::size_t kind = pick(2);
            if (kind == 0) text[at] = kBytes[pick(kBytes.size() - 1)];
            if (kind == 1) text.insert(at, 1, kBytes[pick(kBytes.size() - 1)]);
            if (kind == 2) text.erase(at, 1);
        }
        const Result<Value> ours = parse_json(text);
        const nlohmann::json theirs = nlohmann::json::parse(text, nullptr, false);
        if (!ours) continue;
        ++taken;
        ASSERT_FALSE(theirs.is_discarded()) << text;
        ASSERT_EQ(nlohmann::json::parse(ours->to_json()), theirs) << text;
        if (const Value* metadata = ours->find("metadata"); metadata && metadata->opaque()) {
            const auto canonical = nlohmann::json::parse(metadata->opaque()->canonical);
            ASSERT_EQ(canonical.size(), theirs["metadata"].size()) << text;
        }
    }
    EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace rag::encoding
