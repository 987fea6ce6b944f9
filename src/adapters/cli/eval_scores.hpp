#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "encoding/json.hpp"

namespace rag::cli {

/// A result of one question's search: what it covers of the evidence, and what reading it costs.
struct ScoredResult {
    std::set<std::string> evidence;  // Ids of evidence messages that lie in its span.
    std::size_t tokens = 0;          // Of its text, without special ones.
};

/// How often the evidence was found, over many questions.
class EvalScores {
public:
    static constexpr std::array<const char*, 6> kNames = {
        "any@5", "any@10", "any@20", "all@10", "any@300tok", "any@1000tok"};

    /// `results`: best first. `evidence_count`: distinct evidence messages of the question, at
    /// least one.
    void add(const std::vector<ScoredResult>& results, std::size_t evidence_count);

    std::size_t questions() const { return questions_; }
    /// In percent, with one decimal, in the order of `kNames`.
    std::array<double, 6> percent() const;

private:
    std::array<std::size_t, 6> found_{};
    std::size_t questions_ = 0;
};

}  // namespace rag::cli
