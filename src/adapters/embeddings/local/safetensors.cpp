#include "safetensors.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace rag::local {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kHeaderBytesMax = std::size_t{100} << 20;  // The format's own limit.

static_assert(std::endian::native == std::endian::little, "tensors are little-endian");

std::optional<std::vector<std::size_t>> sizes_of(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return std::nullopt;
    std::vector<std::size_t> sizes;
    for (const json& value : *found) {
        if (!value.is_number_unsigned()) return std::nullopt;
        sizes.push_back(value.get<std::size_t>());
    }
    return sizes;
}

/// The tensor that a header entry describes; nullopt if it does not lie in the data.
std::optional<Tensor> tensor_of(const json& entry, std::span<const std::byte> data) {
    const auto offsets = sizes_of(entry, "data_offsets");
    auto shape = sizes_of(entry, "shape");
    if (!offsets || !shape || offsets->size() != 2) return std::nullopt;
    const std::size_t begin = (*offsets)[0], end = (*offsets)[1];
    if (begin > end || end > data.size()) return std::nullopt;
    std::size_t count = 1;
    for (const std::size_t size : *shape) {
        if (size != 0 && count > data.size() / size) return std::nullopt;
        count *= size;
    }
    const std::byte* first = data.data() + begin;
    if (count * sizeof(float) != end - begin) return std::nullopt;
    if (reinterpret_cast<std::uintptr_t>(first) % alignof(float) != 0) return std::nullopt;
    return Tensor{std::move(*shape), {reinterpret_cast<const float*>(first), count}};
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(
            ErrorCode::invalid_argument, "the model folder has no readable model.safetensors"
        );
    }
    struct stat status {};
    SafetensorsFile file;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        file.bytes_ = static_cast<std::size_t>(status.st_size);
        void* memory = mmap(nullptr, file.bytes_, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (memory != MAP_FAILED) file.memory_ = memory;
    }
    ::close(descriptor);
    if (file.memory_ == nullptr)
        return fail(ErrorCode::corrupt, "model.safetensors cannot be mapped");
    if (Result<void> read = file.read_header(); !read) return tl::unexpected(read.error());
    return file;
}

Result<void> SafetensorsFile::read_header() {
    const auto bad = [] { return fail(ErrorCode::corrupt, "model.safetensors is damaged"); };
    const auto* bytes = static_cast<const std::byte*>(memory_);
    if (bytes_ < kLengthBytes) return bad();
    std::uint64_t length = 0;
    std::memcpy(&length, bytes, kLengthBytes);
    if (length > kHeaderBytesMax || length > bytes_ - kLengthBytes) return bad();

    const auto* text = reinterpret_cast<const char*>(bytes + kLengthBytes);
    const json header = json::parse(text, text + length, nullptr, false);
    if (!header.is_object()) return bad();
    const std::span data(bytes + kLengthBytes + length, bytes_ - kLengthBytes - length);
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") continue;
        const auto type = entry.is_object() ? entry.find("dtype") : entry.end();
        if (!entry.is_object() || type == entry.end()) return bad();
        if (*type != "F32") continue;  // Position numbers and the like.
        std::optional<Tensor> tensor = tensor_of(entry, data);
        if (!tensor) return bad();
        tensors_.emplace(name, std::move(*tensor));
    }
    return {};
}

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      tensors_(std::move(other.tensors_)) {}

SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
    std::swap(tensors_, other.tensors_);
    return *this;
}

SafetensorsFile::~SafetensorsFile() {
    if (memory_ != nullptr) munmap(memory_, bytes_);
}

const Tensor* SafetensorsFile::find(std::string_view name) const {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? nullptr : &found->second;
}

void SafetensorsFile::forget(const Tensor& tensor) const {
    // Whole pages within the tensor only.
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(tensor.values.data());
    const std::uintptr_t begin = (first + page - 1) / page * page;
    const std::uintptr_t end = (first + tensor.values.size_bytes()) / page * page;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace rag::local
