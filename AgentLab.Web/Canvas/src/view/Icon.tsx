import { memo } from 'react';

export const Icon = memo(({ path, size = 16, width = 1.8, className }: { path: string; size?: number; width?: number; className?: string }) => (
  <svg className={className} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
    <path d={path} />
  </svg>
));
