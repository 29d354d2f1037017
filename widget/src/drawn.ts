// How the launcher is drawn, and what stands beside it.

export const css = `:host{all:initial}*{box-sizing:border-box}
.b{position:fixed;z-index:2147483000;width:56px;height:56px;border:0;border-radius:50%;cursor:pointer;display:none;place-items:center;color:var(--on,#fff);background:var(--a,#0b7262);box-shadow:0 0 0 1px rgb(20 30 26/.07),0 8px 24px -4px rgb(20 30 26/.35);transition:transform .08s}
.b:hover{transform:scale(1.04)}.b:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px var(--a,#0b7262)}
.b svg{width:26px;height:26px}.n{position:absolute;top:-4px;inset-inline-end:-4px;min-width:20px;height:20px;padding:0 6px;border-radius:10px;background:#c93434;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
iframe{position:fixed;z-index:2147483000;width:368px;height:min(716px,calc(100dvh - 104px));border:0;border-radius:16px;background:transparent;visibility:hidden;opacity:0;box-shadow:0 0 0 1px rgb(20 30 26/.07),0 16px 40px -6px rgb(20 30 26/.3);color-scheme:normal}
.h{position:fixed;z-index:2147483000;width:min(320px,calc(100vw - 40px));border-radius:14px;background:#fff;color:#151917;box-shadow:0 0 0 1px rgb(20 30 26/.07),0 12px 32px -6px rgb(20 30 26/.3);font:14px/20px system-ui,sans-serif}.h:empty,.open .h{display:none}
.h button{all:unset;box-sizing:border-box;cursor:pointer;border-radius:14px}.h button:focus-visible{outline:3px solid var(--a,#0b7262)}.h .t{display:block;width:100%;padding:12px 44px 12px 16px;overflow-wrap:anywhere}.h .t b{display:block}.h .t span{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}.h .x{position:absolute;top:2px;inset-inline-end:2px;width:40px;height:40px;display:grid;place-items:center;color:#5a635e}.h .x svg{width:16px}
iframe.o{visibility:visible;opacity:1}
@media (max-width:480px){iframe{inset:0!important;width:100%;height:100dvh;border-radius:0}.open .b{display:none!important}}
@media (prefers-reduced-motion:reduce){.b{transition:none}}`

export const chat =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><path d="M7.9 20A9 9 0 1 0 4 16.1L2 22Z"/></svg>'
export const down =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m6 9 6 6 6-6"/></svg>'

export const cross =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M18 6 6 18M6 6l12 12"/></svg>'
