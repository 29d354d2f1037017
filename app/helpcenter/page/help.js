// Everything works without this: it adds results while one types, the place in the table of contents, and the messenger.
(() => {
  const me = document.currentScript.dataset
  const every = (s, fn) => document.querySelectorAll(s).forEach(fn)
  every('.find', (form) => {
    const input = form.querySelector('input')
    let timer, asked = 0, at = -1
    const drop = document.createElement('ul')
    drop.className = 'drop'
    drop.hidden = true
    drop.id = 'drop' + Math.random().toString(36).slice(2)
    drop.setAttribute('role', 'listbox')
    drop.setAttribute('aria-label', input.getAttribute('aria-label'))
    form.append(drop)
    input.setAttribute('role', 'combobox')
    input.setAttribute('aria-controls', drop.id)
    input.setAttribute('aria-expanded', 'false')
    const show = (on) => { drop.hidden = !on; input.setAttribute('aria-expanded', String(on)) }
    const options = () => [...drop.querySelectorAll('a')]
    const choose = (n) => {
      const list = options()
      at = list.length ? (n + list.length) % list.length : -1
      list.forEach((a, i) => { a.setAttribute('role', 'option'); a.setAttribute('aria-selected', String(i === at)); a.id = drop.id + i })
      if (at >= 0) input.setAttribute('aria-activedescendant', list[at].id)
      else input.removeAttribute('aria-activedescendant')
    }
    input.addEventListener('input', () => {
      clearTimeout(timer)
      const q = input.value.trim()
      if (q.length < 2) { show(false); return }
      const mine = ++asked
      timer = setTimeout(async () => {
        const r = await fetch(me.base + '/search?part=1&q=' + encodeURIComponent(q)).catch(() => undefined)
        if (!r || !r.ok || mine !== asked) return
        drop.innerHTML = await r.text()
        at = -1
        options().forEach((a) => { a.parentNode.setAttribute('role', 'none'); a.setAttribute('role', 'option'); a.setAttribute('aria-selected', 'false'); a.tabIndex = -1 })
        show(options().length > 0)
      }, 90)
    })
    input.addEventListener('keydown', (e) => {
      if (drop.hidden) return
      if (e.key === 'ArrowDown') { e.preventDefault(); choose(at + 1) }
      if (e.key === 'ArrowUp') { e.preventDefault(); choose(at < 0 ? -1 : at - 1) }
      if (e.key === 'Escape') { show(false); at = -1 }
      if (e.key === 'Enter' && at >= 0) { e.preventDefault(); options()[at].click() }
    })
    document.addEventListener('click', (e) => { if (!form.contains(e.target)) show(false) })
  })
  addEventListener('keydown', (e) => {
    if (e.key !== '/' || /INPUT|TEXTAREA/.test(document.activeElement.tagName)) return
    const input = document.querySelector('.find input')
    if (input) { e.preventDefault(); input.focus() }
  })
  const links = new Map([...document.querySelectorAll('.toc a')].map((a) => [decodeURIComponent(a.hash.slice(1)), a]))
  if (links.size && 'IntersectionObserver' in window) {
    const seen = new IntersectionObserver((list) => {
      for (const e of list) if (e.isIntersecting) { links.forEach((a) => a.classList.remove('here')); links.get(e.target.id)?.classList.add('here') }
    }, { rootMargin: '0px 0px -70% 0px' })
    links.forEach((_, id) => { const h = document.getElementById(id); if (h) seen.observe(h) })
    links.values().next().value.classList.add('here')
  }
  every('.write', (b) => {
    b.hidden = false
    b.addEventListener('click', () => window.Deskbell?.('showNewMessage'))
  })
  window.deskbellSettings = { workspaceId: me.workspace }
  const widget = document.createElement('script')
  widget.src = me.server + '/widget.js'
  widget.async = true
  document.head.append(widget)
})()
