// A small table of emoji, loaded when it is first asked for. What was used last comes first.

import { useEffect, useRef, useState } from 'react'
import { t, type Key } from './text.ts'

const groups: Array<[Key, string]> = [
  [
    'em_faces',
    '😀 😃 😄 😁 😅 😂 🙂 😉 😊 😇 🥰 😍 😘 😋 😎 🤓 🤔 🤗 🤩 🥳 😏 😌 😐 😬 🙄 😴 😕 😟 🙁 😮 😢 😭 😤 😡 🤯 😱 🥺 🤒 🤕 🫡 🫠 🤝',
  ],
  ['em_hands', '👍 👎 👌 ✌️ 🤞 🤟 👏 🙌 🙏 💪 👋 ✋ 👉 👈 👆 👇 ☝️ ✍️ 🫶 👀'],
  ['em_hearts', '❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💯 ✨ 🎉 🎊 🔥 ⭐ 🌟 💡 ⚡ 💥 🎁'],
  ['em_things', '📦 🚚 🏠 🏢 🛒 💳 💶 🧾 📄 📎 📷 📱 💻 🖨️ 🔋 🔌 🔧 🔨 ⚙️ 🔑 🔒 🔓 📅 ⏰ ⏳ 📧 📞 🔍 📊 ✏️'],
  ['em_signs', '✅ ☑️ ❌ ❗ ❓ ⚠️ ⛔ 🚫 ℹ️ 🆕 🆗 ➕ ➖ ➡️ ⬅️ ⬆️ ⬇️ 🔄 ♻️ 🔴 🟠 🟡 🟢 🔵 🟣 ⚫'],
  ['em_nature', '☀️ 🌤️ 🌧️ ❄️ 🌈 🌍 🌱 🌸 🍀 🌲 🐶 🐱 🐻 🦊 🐝 🦋 ☕ 🍵 🍰 🍕 🍎 🥂 🚲 🚗 ✈️ 🏖️ ⚽ 🎵'],
]

const kept = 'deskbell.emoji'
const recent = (): string[] => (localStorage.getItem(kept) ?? '').split(' ').filter(Boolean)

export function Emoji({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: (back?: boolean) => void }) {
  const [last] = useState(recent)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('button')?.focus()
    const away = (e: PointerEvent): void => {
      if (!box.current?.contains(e.target as Node)) onClose()
    }
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [])
  const pick = (e: string): void => {
    localStorage.setItem(kept, [e, ...recent().filter((x) => x !== e)].slice(0, 20).join(' '))
    onPick(e)
  }
  const move = (e: React.KeyboardEvent): void => {
    if (e.key === 'Escape') {
      e.stopPropagation()
      onClose(true)
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[e.key]
    if (!step) return
    e.preventDefault()
    const all = [...box.current!.querySelectorAll('button')]
    all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement as HTMLButtonElement) + step))].focus()
  }
  return (
    <div className="emoji" role="dialog" aria-label={t('emoji')} ref={box} onKeyDown={move}>
      {[...(last.length ? [['em_recent', last.join(' ')] as [Key, string]] : []), ...groups].map(([head, list]) => (
        <section key={head} aria-label={t(head)}>
          <h3>{t(head)}</h3>
          <div>
            {list.split(' ').map((e) => (
              <button type="button" key={e} onClick={() => pick(e)}>
                {e}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
