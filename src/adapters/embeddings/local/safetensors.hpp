#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"

namespace rag::local {

struct Tensor {
    std::vector<std::size_t> shape;
    std::span<const float> values;  // In the mapped file.
};

/// A file of weights, mapped: only what is read becomes resident.
class SafetensorsFile {
public:
    /// `invalid_argument`: no such file; `corrupt`: not one of this format. The header is checked
    /// whole: every tensor lies in the file and is as long as its shape says.
    static Result<SafetensorsFile> open(const std::filesystem::path& path);

    SafetensorsFile(SafetensorsFile&& other) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&& other) noexcept;
    SafetensorsFile(const SafetensorsFile&) = delete;
    SafetensorsFile& operator=(const SafetensorsFile&) = delete;
    ~SafetensorsFile();

    /// A float32 tensor; nullptr if there is none of that name and type.
    const Tensor* find(std::string_view name) const;

    /// Its pages leave the memory; they are read again if they are used again.
    void forget(const Tensor& tensor) const;

private:
    SafetensorsFile() = default;
    Result<void> read_header();

    void* memory_ = nullptr;
    std::size_t bytes_ = 0;
    std::map<std::string, Tensor, std::less<>> tensors_;
};

}  // namespace rag::local
