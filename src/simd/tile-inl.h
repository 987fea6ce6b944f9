// The inner kernel of every product, for the instruction set that is being compiled. Included once
// for each by files that use Highway's foreach_target.h; hence no ordinary include guard.
#if defined(RAG_SIMD_TILE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef RAG_SIMD_TILE_INL_H
#undef RAG_SIMD_TILE_INL_H
#else
#define RAG_SIMD_TILE_INL_H
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "simd/gemm.hpp"

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Floats>;

// A tile is `kTileRows` x `kTileVectors` accumulators, as many as fit the registers beside the
// weights of one input: 32 registers on AVX-512 and NEON, 16 elsewhere.
constexpr std::size_t kLanes = hn::MaxLanes(Floats());
#if HWY_TARGET == HWY_AVX3
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kTileRows = 14;
#elif HWY_TARGET == HWY_NEON
constexpr std::size_t kTileVectors = 4;
constexpr std::size_t kTileRows = 6;
#else
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kTileRows = 6;
#endif
// Weights so many inputs ahead are fetched: a pass reads each of them once from far away.
constexpr std::size_t kPrefetchInputs = 48;
constexpr std::size_t kTileColumns = kLanes * kTileVectors;
static_assert(kPanelColumns % kTileColumns == 0);

HWY_INLINE Vec load_weights(Floats d, const float* weights) { return hn::LoadU(d, weights); }

HWY_INLINE Vec load_weights(Floats d, const Half* weights) {
    const hn::Rebind<hwy::float16_t, Floats> halves;
    return hn::PromoteTo(d, hn::LoadU(halves, reinterpret_cast<const hwy::float16_t*>(weights)));
}

/// GELU by its definition, x/2 (1 + erf(x / sqrt 2)); erf as a ratio of polynomials fitted to it
/// over +-3.9 (error 1.5e-8, with the rounding of floats 4.5e-7), beyond which it is 1.
HWY_INLINE Vec gelu(Floats d, Vec x) {
    const Vec limit = hn::Set(d, 3.9F);
    const Vec scaled = hn::Mul(x, hn::Set(d, 0.70710678F));
    const Vec y = hn::Min(hn::Max(scaled, hn::Neg(limit)), limit);
    const Vec t = hn::Mul(y, y);
    Vec p = hn::Set(d, 2.0503860014287056e-06F);
    p = hn::MulAdd(p, t, hn::Set(d, 0.00028745795134454966F));
    p = hn::MulAdd(p, t, hn::Set(d, 0.0038368976674973965F));
    p = hn::MulAdd(p, t, hn::Set(d, 0.05296698585152626F));
    p = hn::MulAdd(p, t, hn::Set(d, 0.19194148480892181F));
    p = hn::MulAdd(p, t, hn::Set(d, 1.128378987312317F));
    Vec q = hn::Set(d, 3.8230766222113743e-05F);
    q = hn::MulAdd(q, t, hn::Set(d, 0.0011817400809377432F));
    q = hn::MulAdd(q, t, hn::Set(d, 0.015109246596693993F));
    q = hn::MulAdd(q, t, hn::Set(d, 0.11475840210914612F));
    q = hn::MulAdd(q, t, hn::Set(d, 0.503435492515564F));
    q = hn::MulAdd(q, t, hn::Set(d, 1.0F));
    const Vec erf = hn::Div(hn::Mul(y, p), q);
    const Vec half = hn::Mul(x, hn::Set(d, 0.5F));
    return hn::MulAdd(half, erf, half);
}

/// One tile: `kRows` rows of `a` times `inputs` rows of a panel, for the tile's columns.
template <std::size_t kRows, class Weight>
HWY_INLINE void tile(const Product& p, const Weight* weights, std::size_t inputs) {
    const Floats d;
    Vec sum[kRows][kTileVectors];
    // clang-format off
#pragma GCC unroll 16
    for (std::size_t v = 0; v < kTileVectors; ++v) {
        const Vec first = p.bias != nullptr ? hn::LoadU(d, p.bias + v * kLanes) : hn::Zero(d);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < kRows; ++r) sum[r][v] = first;
    }
    const float* a = p.a;
    for (std::size_t k = 0; k < inputs; ++k) {
        Vec w[kTileVectors];
#pragma GCC unroll 16
        for (std::size_t v = 0; v < kTileVectors; ++v) w[v] = load_weights(d, weights + v * kLanes);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < kRows; ++r) {
            const Vec x = hn::Set(d, a[r * p.a_stride]);
#pragma GCC unroll 16
            for (std::size_t v = 0; v < kTileVectors; ++v) sum[r][v] = hn::MulAdd(x, w[v], sum[r][v]);
        }
        hwy::Prefetch(weights + kPrefetchInputs * kPanelColumns);
        if constexpr (sizeof(Weight) == sizeof(float)) {
            hwy::Prefetch(weights + kPrefetchInputs * kPanelColumns + kPanelColumns / 2);
        }
        weights += kPanelColumns;
        ++a;
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < kTileVectors; ++v) {
            Vec value = sum[r][v];
            if (p.addend != nullptr) {
                value = hn::Add(value, hn::LoadU(d, p.addend + r * p.addend_stride + v * kLanes));
            }
            if (p.activation == Activation::gelu) value = gelu(d, value);
            hn::StoreU(value, d, p.c + r * p.c_stride + v * kLanes);
        }
    }
    // clang-format on
}

template <class Weight>
using TileFunction = void (*)(const Product&, const Weight*, std::size_t);

template <std::size_t kRows, class Weight>
HWY_NOINLINE void tile_function(const Product& p, const Weight* weights, std::size_t inputs) {
    tile<kRows>(p, weights, inputs);
}

/// The kernel for tiles of `rows` rows, 1 to `kTileRows`.
template <class Weight, std::size_t kRows = kTileRows>
HWY_INLINE TileFunction<Weight> tile_for(std::size_t rows) {
    if constexpr (kRows > 1) {
        if (rows < kRows) return tile_for<Weight, kRows - 1>(rows);
    }
    return &tile_function<kRows, Weight>;
}

/// Rows of one panel, in tiles as equal as can be: a tile of one row would wait for its weights.
template <class Weight>
HWY_INLINE void panel_rows(Product p, const Weight* weights, std::size_t inputs) {
    std::size_t tiles = (p.rows + kTileRows - 1) / kTileRows;
    for (std::size_t rows_left = p.rows; rows_left > 0; --tiles) {
        const std::size_t rows = (rows_left + tiles - 1) / tiles;
        const TileFunction<Weight> function = tile_for<Weight>(rows);
        for (std::size_t column = 0; column < kPanelColumns; column += kTileColumns) {
            Product part = p;
            part.c += column;
            if (p.bias != nullptr) part.bias += column;
            if (p.addend != nullptr) part.addend += column;
            function(part, weights + column, inputs);
        }
        p.a += rows * p.a_stride;
        p.c += rows * p.c_stride;
        if (p.addend != nullptr) p.addend += rows * p.addend_stride;
        rows_left -= rows;
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#endif
