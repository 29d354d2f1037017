// The few lucide icons (ISC) that the messenger shows.

const icon = (d: string) => () => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={d} />
  </svg>
)
export const Sparkles = icon(
  'm12 3-1.9 5.8a2 2 0 0 1-1.3 1.3L3 12l5.8 1.9a2 2 0 0 1 1.3 1.3L12 21l1.9-5.8a2 2 0 0 1 1.3-1.3L21 12l-5.8-1.9a2 2 0 0 1-1.3-1.3z',
)
export const Next = icon('m9 18 6-6-6-6')
export const Back = icon('m15 18-6-6 6-6')
export const Close = icon('M18 6 6 18M6 6l12 12')
export const Up = icon('m5 12 7-7 7 7M12 19V5')
export const Attach = icon('m21.4 11-9.2 9.2a6 6 0 0 1-8.5-8.5l8.6-8.6a4 4 0 1 1 5.7 5.7l-8.6 8.6a2 2 0 0 1-2.8-2.9l8.5-8.4')
export const Home = icon('m3 9 9-7 9 7v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM9 22V12h6v10')
export const Chat = icon('M7.9 20A9 9 0 1 0 4 16.1L2 22Z')
export const Book = icon('M2 3h6a4 4 0 0 1 4 4v14a3 3 0 0 0-3-3H2zM22 3h-6a4 4 0 0 0-4 4v14a3 3 0 0 1 3-3h7z')
export const Find = icon('m21 21-4.3-4.3M11 19a8 8 0 1 0 0-16 8 8 0 0 0 0 16')
