#pragma once

// How the compiler is told what is read for every field of a file and what for few: the first is inlined into
// one loop, the second is kept out of it. Elsewhere these words mean nothing, and the code is the same.
#if defined(__GNUC__)
#define BIBSMITH_HOT inline __attribute__((always_inline))
#define BIBSMITH_COLD __attribute__((noinline))
#define BIBSMITH_PREFETCH(address) __builtin_prefetch(address)
#define BIBSMITH_UNREACHABLE() __builtin_unreachable()
#else
#define BIBSMITH_HOT inline
#define BIBSMITH_COLD
#define BIBSMITH_PREFETCH(address) static_cast<void>(0)
#define BIBSMITH_UNREACHABLE() static_cast<void>(0)
#endif

// A function with this mark is compiled for processors that have the bit instructions which come with AVX2,
// and so is all that it inlines. Call it only where is_available(MaskKernel::avx2).
#if defined(__GNUC__) && defined(__x86_64__)
#define BIBSMITH_BIT_INSTRUCTIONS __attribute__((target("bmi,bmi2,popcnt,lzcnt")))
#else
#define BIBSMITH_BIT_INSTRUCTIONS
#endif
