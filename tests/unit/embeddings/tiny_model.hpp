#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rag::test {

struct TinyShape {
    std::size_t hidden = 64;
    std::size_t heads = 2;
    std::size_t intermediate = 96;
    std::size_t layers = 2;
    std::size_t positions = 24;
    std::size_t max_tokens = 20;
    std::string prefix = {};  // Of tensor names.
};

/// A model folder made up from numbers of a fixed row, and its pass by definition in double. Word
/// pieces: "w0" to "w9", "the", "?" and the special ones.
class TinyModel {
public:
    explicit TinyModel(const TinyShape& shape, const std::string& name = "tiny");
    ~TinyModel();
    TinyModel(const TinyModel&) = delete;
    TinyModel& operator=(const TinyModel&) = delete;

    const std::filesystem::path& folder() const { return folder_; }
    const TinyShape& shape() const { return shape_; }
    void write(const std::string& file, const std::string& bytes) const;
    std::string read(const std::string& file) const;

    /// Last hidden states, row after row; ids with the special ones.
    std::vector<double> states(const std::vector<std::int32_t>& ids) const;
    /// Mean of them, unit length.
    std::vector<double> sentence(const std::vector<std::int32_t>& ids) const;

    static constexpr std::int32_t kUnknown = 1, kCls = 2, kSep = 3, kFirstWord = 4;
    static constexpr std::int32_t kThe = 14, kQuestionMark = 15;

private:
    void add(const std::string& name, std::vector<std::size_t> shape, double scale, double offset);
    void write_weights() const;
    const std::vector<float>& weight(const std::string& name) const;
    std::vector<double> linear(const std::vector<double>& rows, const std::string& name) const;
    void add_and_norm(
        std::vector<double>& rows, const std::vector<double>& addend, const std::string& name
    ) const;
    std::vector<double> attention(const std::vector<double>& rows, const std::string& layer) const;

    struct Entry {
        std::vector<std::size_t> shape;
        std::vector<float> values;
    };

    TinyShape shape_;
    std::filesystem::path parent_, folder_;
    std::map<std::string, Entry> tensors_;
};

}  // namespace rag::test
