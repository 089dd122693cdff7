/** US$ with two digits that say something: `0.00018`, `0.25`, `12.00`. */
export const usdText = (usd: number): string => {
  if (usd === 0) return '0'
  return usd >= 0.1 ? usd.toFixed(2) : usd.toFixed(Math.min(10, 1 - Math.floor(Math.log10(usd))))
}
