#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rag::encoding {

/// One spelling for each number: its exact decimal digits without zeros at either end and a power
/// of ten ("1.50" and "15e-1" are "15e-1"). No digit is lost, so different numbers stay different.
std::string canonical_number(std::string_view spelled);

/// Builds canonical JSON while a value is read. What an object holds is sorted when it ends.
class Canonicalizer {
public:
    void scalar(std::string text);
    void begin(bool object);
    void key(std::string name);
    /// False: a key is there twice; it is left in `doubled_key`.
    bool end();

    bool is_open() const { return !frames_.empty(); }
    std::string take() { return std::move(done_); }
    const std::string& doubled_key() const { return doubled_key_; }

private:
    struct Frame {
        bool object;
        std::string key;    // Of the member whose value comes next.
        std::string items;  // Of an array: its items so far.
        std::vector<std::pair<std::string, std::string>> members;
    };

    std::vector<Frame> frames_;
    std::string done_;
    std::string doubled_key_;
};

}  // namespace rag::encoding
